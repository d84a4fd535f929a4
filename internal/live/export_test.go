package live

// What tests read the history with, without a hub.
var NewFeed = newFeed

// Read is what a hub does when it is woken.
var Read = (*feed).read
