package seal_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"pishkhan/internal/clock"
	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/fault"
	"pishkhan/internal/seal"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var (
	now   = clock.At(time.Date(2026, 3, 4, 9, 30, 0, 0, time.UTC))
	place = seal.AssociatedData{Table: "credentials", Row: 41, Column: "password", Version: 1}
)

func TestSealedValueOpensOnlyWhereItBelongs(t *testing.T) {
	t.Parallel()
	tx, keys := dbtest.Tx(t), seal.NewKeyring(newKEK(t), now)
	sealed := sealed(t, tx, keys)
	if bytes.Contains(sealed, []byte(planted)) {
		t.Error("the value shows")
	}
	got, err := keys.Open(t.Context(), tx, "order:41", "credential", place, sealed)
	if err != nil || string(got) != planted {
		t.Fatalf("it does not open: %q, %v", got, err)
	}
	for name, elsewhere := range map[string]seal.AssociatedData{
		"table":       {Table: "notes", Row: 41, Column: "password", Version: 1},
		"row":         {Table: "credentials", Row: 42, Column: "password", Version: 1},
		"column":      {Table: "credentials", Row: 41, Column: "login", Version: 1},
		"rolled back": {Table: "credentials", Row: 41, Column: "password", Version: 2},
	} {
		if _, err := keys.Open(t.Context(), tx, "order:41", "credential", elsewhere, sealed); !errors.Is(err, seal.ErrAltered) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		if _, err := keys.Open(t.Context(), tx, "order:41", "credential", place, altered); !errors.Is(err, seal.ErrAltered) {
			t.Errorf("byte %d altered: %v", i, err)
		}
	}
	another := seal.NewKeyring(newKEK(t), now)
	if _, err := another.Open(t.Context(), tx, "order:41", "credential", place, sealed); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("another KEK: %v", err)
	}
}

func TestOwnersAndPurposesDoNotShareKeys(t *testing.T) {
	t.Parallel()
	tx, keys := dbtest.Tx(t), seal.NewKeyring(newKEK(t), now)
	mine := sealed(t, tx, keys)
	for _, other := range [][2]string{{"order:42", "credential"}, {"order:41", "identity"}} {
		if _, err := keys.Open(t.Context(), tx, other[0], other[1], place, mine); err == nil {
			t.Errorf("%v opens it without any keys", other)
		}
		if _, err := keys.Seal(t.Context(), tx, other[0], other[1], place, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := keys.Open(t.Context(), tx, other[0], other[1], place, mine); !errors.Is(err, seal.ErrAltered) {
			t.Errorf("%v opens it: %v", other, err)
		}
	}
	_, err := tx.Exec(t.Context(), `update sealed_keysets k set wrapped = o.wrapped from sealed_keysets o
		where k.owner = 'order:42' and o.owner = 'order:41' and o.purpose = 'credential'`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Open(t.Context(), tx, "order:42", "credential", place, mine); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("it opens with keys copied from their owner's row: %v", err)
	}
	if _, err := keys.Seal(t.Context(), tx, "", "credential", place, nil); err == nil {
		t.Error("sealed for nobody")
	}
}

func TestDestroyedIsGoneForGood(t *testing.T) {
	t.Parallel()
	tx, keys := dbtest.Tx(t), seal.NewKeyring(newKEK(t), now)
	mine := sealed(t, tx, keys)
	for range 2 {
		if err := keys.Destroy(t.Context(), tx, "order:41", "credential"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := keys.Open(t.Context(), tx, "order:41", "credential", place, mine)
	if !errors.Is(err, seal.ErrDestroyed) || !fault.Is(err, fault.NotFound) {
		t.Errorf("open: %v", err)
	}
	if _, err := keys.Seal(t.Context(), tx, "order:41", "credential", place, nil); !errors.Is(err, seal.ErrDestroyed) {
		t.Errorf("seal: %v", err)
	}
	if err := keys.Destroy(t.Context(), tx, "order:99", "credential"); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Seal(t.Context(), tx, "order:99", "credential", place, nil); !errors.Is(err, seal.ErrDestroyed) {
		t.Errorf("seal where nothing was sealed before: %v", err)
	}
	var left int
	var at time.Time
	err = tx.QueryRow(t.Context(), `select count(wrapped), max(destroyed_at) from sealed_keysets`).Scan(&left, &at)
	if err != nil || left != 0 || !at.Equal(now.Now()) {
		t.Errorf("%d keysets left, destroyed at %v, %v", left, at, err)
	}
}

func TestManyFirstSealsShareOneKeyset(t *testing.T) {
	t.Parallel()
	pool, keys := dbtest.New(t), seal.NewKeyring(newKEK(t), now)
	values := make([][]byte, 12)
	var seals sync.WaitGroup
	for i := range values {
		seals.Go(func() {
			inTx(t, pool, func(tx pgx.Tx) { values[i] = sealed(t, tx, keys) })
		})
	}
	seals.Wait()
	inTx(t, pool, func(tx pgx.Tx) {
		for i, value := range values {
			got, err := keys.Open(t.Context(), tx, "order:41", "credential", place, value)
			if err != nil || string(got) != planted {
				t.Errorf("value %d: %q, %v", i, got, err)
			}
		}
		var n int
		if err := tx.QueryRow(t.Context(), `select count(*) from sealed_keysets`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d keysets, %v", n, err)
		}
	})
}

// A value that was sealed and committed before Destroy began is destroyed; one
// that comes later is refused. None is acknowledged and lost.
func TestDestroyWaitsForASealInFlight(t *testing.T) {
	t.Parallel()
	pool, keys := dbtest.New(t), seal.NewKeyring(newKEK(t), now)
	inTx(t, pool, func(tx pgx.Tx) { sealed(t, tx, keys) })
	destroyed := make(chan error, 1)
	inTx(t, pool, func(tx pgx.Tx) {
		value := sealed(t, tx, keys)
		go func() {
			destroyed <- pgx.BeginFunc(t.Context(), pool, func(other pgx.Tx) error {
				return keys.Destroy(t.Context(), other, "order:41", "credential")
			})
		}()
		waitForLock(t, pool, destroyed)
		if _, err := keys.Open(t.Context(), tx, "order:41", "credential", place, value); err != nil {
			t.Errorf("the keys went while a value was being sealed: %v", err)
		}
	})
	if err := <-destroyed; err != nil {
		t.Fatal(err)
	}
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error {
		_, err := keys.Seal(t.Context(), tx, "order:41", "credential", place, nil)
		return err
	})
	if !errors.Is(err, seal.ErrDestroyed) {
		t.Errorf("seal after destroy: %v", err)
	}
}

func TestMACFindsEqualValues(t *testing.T) {
	t.Parallel()
	tx, kek := dbtest.Tx(t), newKEK(t)
	tag := func(keys *seal.Keyring, column, value string) string {
		t.Helper()
		sum, err := keys.MAC(t.Context(), tx, column, value)
		if err != nil || len(sum) != 32 {
			t.Fatalf("%x, %v", sum, err)
		}
		return string(sum)
	}
	keys := seal.NewKeyring(kek, now)
	code := tag(keys, "national_code", "0012345678")
	if code != tag(seal.NewKeyring(kek, now), "national_code", "0012345678") {
		t.Error("equal values have different tags")
	}
	if code == tag(keys, "national_code", "0012345679") || code == tag(keys, "mobile", "0012345678") {
		t.Error("different values or columns have equal tags")
	}
	if _, err := seal.NewKeyring(newKEK(t), now).MAC(t.Context(), tx, "national_code", "0012345678"); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("another KEK: %v", err)
	}
}

func TestRewrapMovesAllToTheNewKEK(t *testing.T) {
	t.Parallel()
	tx, path := dbtest.Tx(t), filepath.Join(t.TempDir(), "kek.json")
	open := func() *seal.Keyring {
		kek, err := seal.OpenKEKFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return seal.NewKeyring(kek, now)
	}
	old := open()
	mine := sealed(t, tx, old)
	for _, owner := range []string{"order:1", "order:2", "order:3"} {
		if _, err := old.Seal(t.Context(), tx, owner, "credential", place, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Destroy(t.Context(), tx, "order:2", "credential"); err != nil {
		t.Fatal(err)
	}
	if err := seal.RotateKEKFile(path); err != nil {
		t.Fatal(err)
	}
	rotated := open()
	total := 0
	for after, done := int64(0), -1; done != 0; total += done {
		var err error
		if after, done, err = rotated.Rewrap(t.Context(), tx, after, 2); err != nil {
			t.Fatal(err)
		}
	}
	var ids, rows int
	err := tx.QueryRow(t.Context(), `select count(distinct kek_id), count(*) from sealed_keysets where wrapped is not null`).Scan(&ids, &rows)
	if err != nil || total != 3 || ids != 1 || rows != 3 {
		t.Errorf("%d done, %d KEKs in %d rows, %v", total, ids, rows, err)
	}
	if got, err := rotated.Open(t.Context(), tx, "order:41", "credential", place, mine); err != nil || string(got) != planted {
		t.Errorf("it does not open: %q, %v", got, err)
	}
	if _, err := old.Open(t.Context(), tx, "order:41", "credential", place, mine); !errors.Is(err, seal.ErrAltered) {
		t.Errorf("the old key still opens it: %v", err)
	}
}

// pgx would find String and store *** in silence.
func TestSecretIsNotStoredUnsealed(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	var stored string
	err := tx.QueryRow(t.Context(), `select $1::text`, seal.NewSecret(planted)).Scan(&stored)
	if err == nil {
		t.Fatalf("stored as %q", stored)
	}
	tells(t, err.Error())
}

func sealed(t *testing.T, tx pgx.Tx, keys *seal.Keyring) []byte {
	t.Helper()
	value, err := keys.Seal(t.Context(), tx, "order:41", "credential", place, []byte(planted))
	if err != nil {
		t.Error(err)
	}
	return value
}

func inTx(t *testing.T, pool *pgxpool.Pool, work func(pgx.Tx)) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), pool, func(tx pgx.Tx) error { work(tx); return nil })
	if err != nil {
		t.Error(err)
	}
}

// waitForLock returns once somebody in this database waits for a lock, or is
// done without having waited.
func waitForLock(t *testing.T, pool *pgxpool.Pool, done chan error) {
	t.Helper()
	for len(done) == 0 {
		var waiting bool
		err := pool.QueryRow(t.Context(), `select exists (select from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock')`).Scan(&waiting)
		if err != nil {
			t.Error(err)
			return
		}
		if waiting {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
