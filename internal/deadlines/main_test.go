package deadlines_test

import (
	"testing"

	"pishkhan/internal/db/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
