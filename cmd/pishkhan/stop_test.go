package main

import (
	"bufio"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"pishkhan/internal/db/dbtest"
)

type endlessArgs struct{}

func (endlessArgs) Kind() string { return "test_endless" }

// endless works until it is cancelled.
type endless struct {
	river.WorkerDefaults[endlessArgs]
	began chan struct{}
	ended atomic.Bool
}

func (e *endless) Work(ctx context.Context, _ *river.Job[endlessArgs]) error {
	close(e.began)
	<-ctx.Done()
	e.ended.Store(true)
	return ctx.Err()
}

func TestNoJobOutlivesTheStop(t *testing.T) {
	worker := &endless{began: make(chan struct{})}
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	client, err := river.NewClient(riverpgxv5.New(dbtest.New(t)), &river.Config{
		Logger: slog.New(slog.DiscardHandler), Workers: workers,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Insert(t.Context(), endlessArgs{}, nil); err != nil {
		t.Fatal(err)
	}
	<-worker.began
	stopJobs(client.Stop, client.StopAndCancel, time.Millisecond)
	if !worker.ended.Load() {
		t.Error("the job still runs")
	}
	select {
	case <-client.Stopped():
	default:
		t.Error("the client still runs")
	}
}

func TestToldToStopAgainItEndsAtOnce(t *testing.T) {
	if os.Getenv("PISHKHAN_TEST_SLOW_STOP") != "" {
		ctx, stop := untilSignal()
		defer stop()
		_, _ = os.Stdout.WriteString("up\n")
		<-ctx.Done()
		_, _ = os.Stdout.WriteString("stopping\n")
		time.Sleep(20 * time.Second)
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestToldToStopAgainItEndsAtOnce$")
	child.Env = append(os.Environ(), "PISHKHAN_TEST_SLOW_STOP=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(out)
	for _, want := range []string{"up", "stopping"} {
		if !said.Scan() || said.Text() != want {
			t.Fatalf("the child said %q, want %q", said.Text(), want)
		}
		_ = child.Process.Signal(os.Interrupt)
	}
	ended := make(chan struct{})
	go func() { // the first may come before the handler is gone
		for {
			select {
			case <-ended:
				return
			case <-time.After(50 * time.Millisecond):
				_ = child.Process.Signal(os.Interrupt)
			}
		}
	}()
	_ = child.Wait()
	close(ended)
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGINT {
		t.Errorf("it went on: %v", child.ProcessState)
	}
}
