// Reads a calendar from stdin with ical.js, the parser that Thunderbird uses, and tells its events as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((part) => {
  const event = new ICAL.Event(part, { strictExceptions: true });
  return {
    uid: event.uid,
    starts: event.startDate.toJSDate().getTime() / 1000,
    ends: event.endDate.toJSDate().getTime() / 1000,
    title: event.summary,
    status: part.getFirstPropertyValue("status"),
    sequence: event.sequence,
    recurring: event.isRecurring(),
  };
});
process.stdout.write(JSON.stringify({ events, warnings: [] }));
