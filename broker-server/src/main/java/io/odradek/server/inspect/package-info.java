/**
 * Looks into brokers of this process, as a client would, without a socket: {@link io.odradek.server.inspect.Inspector} tells
 * what topics, records and groups there are. It asks what any client can ask, and blocks the caller's thread, never a
 * broker's.
 *
 * <pre>{@code
 * Inspector inspector = Inspector.of(broker);
 * for (StoredRecord record : inspector.records("orders")) {
 *     System.out.println(record.offset() + ": " + record.value() + " " + record.transaction());
 * }
 * }</pre>
 */
package io.odradek.server.inspect;
