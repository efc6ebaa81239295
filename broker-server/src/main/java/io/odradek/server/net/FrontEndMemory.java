package io.odradek.server.net;

import io.odradek.server.net.frame.FrameMemory;

/**
 * What connections hold of the memory that clients can make the broker use.
 *
 * @param frames requests as they arrive
 * @param partial those of them that have not fully arrived
 * @param parked decoded requests that wait
 * @param unsent answers that clients have not taken
 */
record FrontEndMemory(FrameMemory frames, StalledMemory partial, ParkedRequests parked, StalledMemory unsent) {}
