package notify

import "time"

// DaySummary is a working day in figures, as the supervisors' board showed
// them when the day was over.
type DaySummary struct {
	At        time.Time  `json:"at"`
	Least     bool       `json:"least"` // more is open than was counted: figures of what is open are at least so high
	Done      int        `json:"done"`
	InTime    int        `json:"in_time"`
	Target    int        `json:"target"` // 0: none
	Late      int        `json:"late"`
	Soon      int        `json:"soon"` // due within half an hour of working time
	Free      int        `json:"free"` // claimed by nobody
	Oldest    *time.Time `json:"oldest,omitempty"`
	Staff     int        `json:"staff"`
	Clear     *time.Time `json:"clear,omitempty"` // when all that is open is done, at today's pace
	WillBe    int        `json:"will_be"`         // orders that will be late at that pace
	ByPerson  []DayLine  `json:"by_person"`
	ByService []DayLine  `json:"by_service"`
}

// DayLine is what one person, or one service, made of a day.
type DayLine struct {
	Name    string `json:"name,omitempty"`            // of a person
	Version int64  `json:"service_version,omitempty"` // of a service
	Done    int    `json:"done"`
	InTime  int    `json:"in_time"`
}
