// Package deadlines watches the promises of open orders: it warns before one
// breaks, puts each breach on record, and tells who should know, further up
// the longer an order is late. It moves open clocks to another calendar where
// somebody approved that.
//
// Lateness itself is a fact of time, which pages derive from the due time. What
// is kept here is who was told what.
package deadlines
