package sandbox_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/payments/sandbox"
)

func TestARestartForgetsNothing(t *testing.T) {
	o := options()
	o.StateFile = filepath.Join(t.TempDir(), "gateway.json")
	before := setup(t, o)
	for invoice, outcome := range map[int]string{1: "pay", 2: "cancel", 3: "fail", 4: ""} {
		request := order()
		request["localInvoiceId"] = invoice
		before.post(t, url.Values{"RefId": {before.token(t, request)}, "outcome": {outcome}})
	}
	after := setup(t, o)
	if diff := cmp.Diff(before.Transactions(), after.Transactions()); diff != "" {
		t.Error(diff)
	}
	request := order()
	request["localInvoiceId"] = 5
	after.post(t, url.Values{"RefId": {after.token(t, request)}, "outcome": {"pay"}})
	ids := map[int64]bool{}
	for _, transaction := range after.Transactions() {
		if transaction.TranID != 0 && ids[transaction.TranID] {
			t.Errorf("transaction %d twice", transaction.TranID)
		}
		ids[transaction.TranID] = true
	}
	if got, _ := after.call(t, "POST", "/v1/Token", request); got != 489 {
		t.Errorf("an invoice number twice: %d", got)
	}
}

func TestWhatCannotBeWrittenHasNotHappened(t *testing.T) {
	o := options()
	folder := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	o.StateFile = filepath.Join(folder, "gateway.json")
	b := setup(t, o)
	refID := b.token(t, order())
	b.post(t, url.Values{"RefId": {refID}, "outcome": {"pay"}})
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	step := map[string]any{"merchantConfigurationId": 4242, "payGateTranId": b.Transactions()[0].TranID}
	if got, _ := b.call(t, "POST", "/v1/Verify", step); got != 573 {
		t.Errorf("verify: %d", got)
	}
	if state := b.Transactions()[0].State; state != sandbox.Paid {
		t.Errorf("state %s", state)
	}
	other := order()
	other["localInvoiceId"] = 2
	if got, _ := b.call(t, "POST", "/v1/Token", other); got != 484 || len(b.Transactions()) != 1 {
		t.Errorf("token: %d", got)
	}
}

func TestADamagedStateFileIsNotOverlooked(t *testing.T) {
	o := options()
	o.StateFile = filepath.Join(t.TempDir(), "gateway.json")
	if err := os.WriteFile(o.StateFile, []byte(`[{"refID":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sandbox.New(o); err == nil {
		t.Error("started with half a file")
	}
}

// TestKilled kills a gateway of its own process while it answers, again and
// again: whatever it has acknowledged must be there afterwards.
func TestKilled(t *testing.T) {
	o := options()
	o.StateFile = filepath.Join(t.TempDir(), "gateway.json")
	acknowledged := map[string]bool{}
	for round := range 5 {
		process, address := startProcess(t, o.StateFile)
		b := &bench{url: address}
		done := make(chan string, 1000)
		go func() {
			defer close(done)
			for n := 0; ; n++ {
				request := order()
				request["localInvoiceId"] = 1 + round*1_000_000 + n
				refID, ok := tryToken(b, request)
				if !ok {
					return
				}
				done <- refID
			}
		}()
		for range 10 + round {
			acknowledged[<-done] = true
		}
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait()
		for refID := range done {
			acknowledged[refID] = true
		}
	}
	after := setup(t, o)
	for _, transaction := range after.Transactions() {
		delete(acknowledged, transaction.RefID)
	}
	if len(acknowledged) != 0 {
		t.Errorf("%d acknowledged tokens are forgotten", len(acknowledged))
	}
}

func tryToken(b *bench, request map[string]any) (string, bool) {
	body := fmt.Sprintf(`{"serviceTypeId":1,"merchantConfigurationId":4242,"localInvoiceId":%v,"amountInRials":1000000,"localDate":"20261005 140500","callbackURL":"https://shop.test/"}`,
		request["localInvoiceId"])
	r, err := http.NewRequest("POST", b.url+"/v1/Token", strings.NewReader(body))
	if err != nil {
		return "", false
	}
	r.Header = http.Header{"Usr": {"shop"}, "Pwd": {"open sesame"}, "Content-Type": {"application/json"}}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", false
	}
	defer response.Body.Close()
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	return strings.Trim(line, "\"\n"), err == nil && response.StatusCode == 200
}

const stateFileVariable = "SANDBOX_TEST_STATE_FILE"

// startProcess runs this test binary as a gateway (see TestMain).
func startProcess(t *testing.T, stateFile string) (*exec.Cmd, string) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), stateFileVariable+"="+stateFile)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return process, strings.TrimSpace(address)
}

func TestMain(m *testing.M) {
	stateFile := os.Getenv(stateFileVariable)
	if stateFile == "" {
		os.Exit(m.Run())
	}
	o := options()
	o.StateFile = stateFile
	gateway, err := sandbox.New(o)
	if err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	panic(http.Serve(listener, gateway))
}
