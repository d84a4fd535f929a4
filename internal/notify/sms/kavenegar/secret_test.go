package kavenegar_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pishkhan/internal/notify/sms/kavenegar"
)

// faults are ways to fail in which the key comes back to us.
var faults = map[string]http.HandlerFunc{
	"refusal": func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		_ = json.NewEncoder(w).Encode(map[string]any{"return": map[string]any{"status": 403, "message": "bad key in " + r.URL.Path}})
	},
	"refusal with an escaped address": func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(403)
		_ = json.NewEncoder(w).Encode(map[string]any{"return": map[string]any{"status": 403, "message": r.RequestURI}})
	},
	"page": func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no such page "+r.URL.Path, 404) },
	"redirect": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"?again", http.StatusFound)
	},
	"reset": reset,
	"slow": func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm() // only then is the client's leaving seen
		<-r.Context().Done()
	},
	"no HTTP": func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, _ := w.(http.Hijacker).Hijack()
		_, _ = buffered.WriteString(r.URL.Path + " is not HTTP\r\n\r\n")
		_ = buffered.Flush()
		_ = conn.Close()
	},
	"bad status": func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, _ := w.(http.Hijacker).Hijack()
		_, _ = buffered.WriteString("HTTP/1.1 2x0 " + r.URL.Path + "\r\n\r\n")
		_ = buffered.Flush()
		_ = conn.Close()
	},
	"bad header": func(w http.ResponseWriter, r *http.Request) {
		conn, buffered, _ := w.(http.Hijacker).Hijack()
		_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\n" + r.URL.Path + "\r\n\r\n")
		_ = buffered.Flush()
		_ = conn.Close()
	},
}

func TestTheKeyIsInNoErrorAndNoLog(t *testing.T) {
	for _, key := range []string{apiKey, "odd/key with+signs%&"} {
		for name, fault := range faults {
			t.Run(name, func(t *testing.T) {
				server := httptest.NewServer(fault)
				client := kavenegar.New(kavenegar.Config{BaseURL: server.URL, APIKey: key, Timeout: 200 * time.Millisecond})
				_, err := client.Send(t.Context(), "5001", mobile, words)
				keepsSecret(t, key, err)
				server.Close()
				_, err = client.Lookup(t.Context(), mobile, "done", kavenegar.Tokens{Token: "1"})
				keepsSecret(t, key, err)
			})
		}
		for _, base := range []string{"://nowhere", "http://no host", "http://no-such-host.invalid", "gopher://x"} {
			_, err := kavenegar.New(kavenegar.Config{BaseURL: base, APIKey: key}).Status(t.Context(), "1")
			keepsSecret(t, key, err)
		}
	}
}

func TestConfigAndClientDoNotPrintTheKey(t *testing.T) {
	config := kavenegar.Config{APIKey: apiKey, Sender: "10004346"}
	keepsSecret(t, apiKey, config)
	keepsSecret(t, apiKey, &config)
	keepsSecret(t, apiKey, struct{ SMS kavenegar.Config }{config})
	keepsSecret(t, apiKey, kavenegar.New(config))
	keepsSecret(t, apiKey, *kavenegar.New(config))
}

// keepsSecret fails when v, an error or anything else, shows key however it
// is printed, logged, marshalled or unwrapped.
func keepsSecret(t *testing.T, key string, v any) {
	t.Helper()
	if v == nil {
		t.Fatal("there is no error")
	}
	var seen bytes.Buffer
	fmt.Fprintf(&seen, "%v %+v %#v %s %q %x\n", v, v, v, v, v, fmt.Sprint(v))
	slog.New(slog.NewTextHandler(&seen, nil)).Error("failed", "v", v)
	slog.New(slog.NewJSONHandler(&seen, nil)).Error("failed", "v", v)
	if marshalled, err := json.Marshal(v); err == nil {
		seen.Write(marshalled)
	}
	if err, ok := v.(error); ok {
		for ; err != nil; err = errors.Unwrap(err) {
			fmt.Fprintf(&seen, "%T %v %+v %#v\n", err, err, err, err)
		}
	}
	for _, form := range []string{key, strings.ReplaceAll(key, " ", "%20"), fmt.Sprintf("%x", key)} {
		if strings.Contains(seen.String(), form) {
			t.Errorf("the key is in %.500s", seen.String())
		}
	}
}
