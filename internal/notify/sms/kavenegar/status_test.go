package kavenegar_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pishkhan/internal/notify/sms/kavenegar"
)

func TestStatusReadsEveryState(t *testing.T) {
	p, client := newProvider(t)
	p.says(200, `{"return":{"status":200},"entries":[
		{"messageid":1,"status":1},{"messageid":2,"status":2},{"messageid":3,"status":4},{"messageid":"4","status":"5"},
		{"messageid":5,"status":6},{"messageid":6,"status":10},{"messageid":7,"status":11},{"messageid":8,"status":13},
		{"messageid":9,"status":14},{"messageid":10,"status":100},{"messageid":11,"status":77},{"messageid":0,"status":1}]}`)
	got, err := client.Status(t.Context(), "1", "2")
	if err != nil {
		t.Fatal(err)
	}
	var want []kavenegar.Delivery
	for i, state := range []kavenegar.State{
		kavenegar.Queued, kavenegar.Queued, kavenegar.Sent, kavenegar.Sent, kavenegar.Failed, kavenegar.Delivered,
		kavenegar.Failed, kavenegar.Failed, kavenegar.Blocked, kavenegar.Unknown, kavenegar.Unknown,
	} {
		want = append(want, kavenegar.Delivery{ProviderID: strconv.Itoa(i + 1), State: state})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if ids := p.requests[0].Get("messageid"); ids != "1,2" {
		t.Errorf("asked for %q", ids)
	}
}

func TestStatusAsksAboutFiveHundredAtMost(t *testing.T) {
	p, client := newProvider(t)
	ids := strings.Split(strings.Repeat("7,", kavenegar.MaxStatus)+"7", ",")
	_, err := client.Status(t.Context(), ids...)
	failure(t, err)
	_, err = client.Status(t.Context(), "7", "8,9")
	failure(t, err)
	if got, err := client.Status(t.Context()); got != nil || err != nil {
		t.Errorf("about nothing: %v, %v", got, err)
	}
	if len(p.requests) != 0 {
		t.Errorf("%d requests went out", len(p.requests))
	}
	if _, err = client.Status(t.Context(), ids[1:]...); err != nil {
		t.Error(err)
	}
}

func TestStatusByLocalID(t *testing.T) {
	for name, c := range map[string]struct {
		entries string
		found   bool
	}{
		"known":              {`[{"messageid":8792343,"localid":"5001","status":10}]`, true},
		"one object":         {`{"messageid":"8792343","localid":5001,"status":"10"}`, true},
		"without a local id": {`[{"messageid":8792343,"status":10}]`, true},
		"an odd state":       {`[{"messageid":8792343,"localid":"5001","status":77}]`, true},
		"unknown id":         {`[{"messageid":8792343,"localid":"5001","status":100}]`, false},
		"unknown, no number": {`[{"messageid":0,"localid":"5001","status":100}]`, false},
		"nothing":            {`null`, false},
		"empty":              {`[]`, false},
		"of somebody else":   {`[{"messageid":8792343,"localid":"5002","status":10}]`, false},
		"ours is the second": {`[{"messageid":1,"localid":"5000","status":10},{"messageid":8792343,"localid":"5001","status":1}]`, true},
	} {
		t.Run(name, func(t *testing.T) {
			p, client := newProvider(t)
			p.says(200, `{"return":{"status":200},"entries":`+c.entries+`}`)
			d, found, err := client.StatusByLocalID(t.Context(), "5001")
			if err != nil || found != c.found || found && d.ProviderID != "8792343" {
				t.Errorf("got %+v, %v, %v", d, found, err)
			}
		})
	}
}

func TestAskingIsNeverUnknown(t *testing.T) {
	p, client := newProvider(t)
	p.answers(reset)
	_, _, err := client.StatusByLocalID(t.Context(), "5001")
	if e := failure(t, err); e.Unknown() || !e.Retryable() {
		t.Errorf("%v: unknown %v, retryable %v", e, e.Unknown(), e.Retryable())
	}
	_, _, err = client.StatusByLocalID(t.Context(), "x")
	failure(t, err)
}
