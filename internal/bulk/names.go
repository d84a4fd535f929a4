package bulk

import "strings"

// names finds a column by what stands above it.
type names struct {
	columns map[string]Column
	key     func(heading string) string
}

func byInput(known []Column) names {
	n := names{columns: make(map[string]Column, len(known)), key: func(heading string) string {
		return strings.ToLower(strings.TrimSpace(heading))
	}}
	for _, c := range known {
		n.add(c.Input, c)
	}
	return n
}

func byLabel(known []Column) names {
	n := names{columns: make(map[string]Column, 2*len(known)), key: func(heading string) string {
		return strings.TrimSuffix(tidy(heading), requiredMark)
	}}
	for _, c := range known {
		n.add(c.Label.FA, c)
		n.add(c.Label.EN, c)
	}
	return n
}

// add names a column; of two with one name the first has it.
func (n names) add(heading string, c Column) {
	key := tidy(heading)
	if _, taken := n.columns[key]; key != "" && !taken {
		n.columns[key] = c
	}
}

func (n names) find(heading string) (Column, bool) {
	c, ok := n.columns[n.key(heading)]
	return c, ok
}

// fit reports whether most of what stands in a row are names of columns.
func (n names) fit(row sheetRow) bool {
	filled, found := 0, 0
	for _, c := range row.cells {
		if strings.TrimSpace(c.shown) == "" {
			continue
		}
		filled++
		if _, ok := n.find(c.shown); ok {
			found++
		}
	}
	return found > 0 && 2*found >= filled
}

// tidy is a heading without what spreadsheets and hands change about it.
func tidy(heading string) string { return strings.ToLower(strings.Join(strings.Fields(heading), " ")) }
