package io.odradek.protocol.wire;

import java.util.List;

/**
 * A message ready for the wire: buffers, and between them the payloads that were not copied into one.
 *
 * @param parts what to send, in order, the frame's length first; buffers are read between position and limit
 * @param sizeBytes the sum of the parts' sizes, with the four bytes of the frame's length
 */
public record EncodedMessage(List<Payload> parts, int sizeBytes) {}
