package sla

import (
	_ "embed"
	"fmt"
)

//go:embed default.json
var defaultFile []byte

// Default returns the calendar of a new installation: Saturday to Wednesday
// 08:30–17:00, Thursday 08:30–13:00, Friday closed, and Iran's public holidays
// of 1405. Solar holidays are confirmed; lunar ones stay provisional until
// staff confirm them.
func Default() Calendar {
	c, err := Parse(defaultFile)
	if err != nil {
		panic(fmt.Sprintf("sla: the embedded calendar is flawed: %v", err))
	}
	return c
}
