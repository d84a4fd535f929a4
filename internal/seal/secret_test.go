package seal_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pishkhan/internal/seal"
)

const planted = "hunter2-گذرواژه"

type exported struct{ Password seal.Secret }
type unexported struct{ password seal.Secret }
type embedded struct{ seal.Secret }

// forms are the shapes in which a secret may reach a printer.
func forms() map[string]any {
	s := seal.NewSecret(planted)
	return map[string]any{
		"value":         s,
		"pointer":       &s,
		"field":         exported{s},
		"hidden field":  unexported{s},
		"pointed field": &exported{s},
		"pointed deep":  &unexported{s},
		"embedded":      embedded{s},
		"slice":         []seal.Secret{s},
		"hidden slice":  struct{ all []seal.Secret }{[]seal.Secret{s}},
		"map":           map[string]seal.Secret{"password": s},
		"any":           []any{s, &s},
		"nil pointer":   struct{ P *seal.Secret }{},
	}
}

func tells(t *testing.T, out string) {
	t.Helper()
	quoted := fmt.Sprintf("%q", planted)
	for _, form := range []string{
		planted, "hunter2", quoted[1 : len(quoted)-1],
		fmt.Sprintf("%x", "hunter2"), fmt.Sprintf("%X", "hunter2"), fmt.Sprintf("% x", "hunter2"),
		strings.Trim(fmt.Sprint([]byte("hunter2")), "[]"), "0x68, 0x75",
	} {
		if strings.Contains(out, form) {
			t.Errorf("the secret shows: %s", out)
		}
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%p", "%T", "%c", "%U", "%10.3s", "%e"}
	for name, value := range forms() {
		t.Run(name, func(t *testing.T) {
			for _, verb := range verbs {
				tells(t, fmt.Sprintf(verb, value))
			}
			tells(t, fmt.Sprint(value))
			tells(t, fmt.Errorf("sign in with %v: %w", value, errors.ErrUnsupported).Error())
		})
	}
	s := seal.NewSecret(planted)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if out := fmt.Sprintf(verb, s); out != "***" {
			t.Errorf("%s prints %q", verb, out)
		}
	}
	if out := fmt.Sprintf("%v", &exported{s}); out != "&{***}" {
		t.Errorf("a pointed field prints %q", out)
	}
}

func TestSecretDoesNotReachLogs(t *testing.T) {
	for name, value := range forms() {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			slog.New(slog.NewTextHandler(&out, nil)).Info("m", "key", value, slog.Group("g", "key", value))
			slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "key", value, slog.Group("g", "key", value))
			tells(t, out.String())
			if !strings.Contains(out.String(), "m") {
				t.Error("nothing was logged")
			}
		})
	}
}

func TestSecretDoesNotMarshal(t *testing.T) {
	for name, value := range forms() {
		t.Run(name, func(t *testing.T) {
			out, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			tells(t, string(out))
		})
	}
	s := seal.NewSecret(planted)
	if out, err := json.Marshal(exported{s}); err != nil || string(out) != `{"Password":"***"}` {
		t.Errorf("JSON is %s, %v", out, err)
	}
	if out, err := xml.Marshal(exported{s}); err != nil || string(out) != `<exported><Password>***</Password></exported>` {
		t.Errorf("XML is %s, %v", out, err)
	}
	if v, err := s.Value(); err == nil {
		t.Errorf("stored as %v", v)
	}
}

func TestSecretRevealsAndWipes(t *testing.T) {
	s := seal.NewSecret(planted)
	held := exported{s}
	if s.Reveal() != planted || held.Password.Reveal() != planted {
		t.Fatal("the secret is not what was put in")
	}
	s.Wipe()
	if s.Reveal() != "" || held.Password.Reveal() != "" {
		t.Error("the secret outlived Wipe")
	}
	var zero seal.Secret
	zero.Wipe()
	if zero.Reveal() != "" || zero.String() != "***" {
		t.Error("the zero secret is not empty")
	}
}
