package live

// What tests read the history with, without a hub.
var NewFeed = newFeed

// LookParts are the messages by which a hub tells who looks at what.
var LookParts = lookParts

// Read is what a hub does when it is woken.
var Read = (*feed).read
