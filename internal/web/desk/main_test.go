package desk_test

import (
	"testing"

	"pishkhan/internal/db/dbtest"
	"pishkhan/internal/sample"
)

type person = sample.Person

func TestMain(m *testing.M) { dbtest.Main(m) }
