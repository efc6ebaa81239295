/**
 * Brokers inside the JVM, for tests: {@link io.odradek.server.embedded.EmbeddedBroker} is one,
 * {@link io.odradek.server.embedded.EmbeddedCluster} several. What a test does with either is in
 * {@link io.odradek.server.embedded.EmbeddedBrokers}; what it gets to see are the records of
 * {@link io.odradek.server.inspect}. No type of a client is among them, so that any version of any client may be tested.
 *
 * <pre>{@code
 * try (EmbeddedBroker broker = EmbeddedBroker.builder().topic("orders", 3).start()) {
 *     Shop shop = new Shop(broker.bootstrapServers());
 *     broker.produce("orders", NewRecord.of("42", "two apples").header("trace", "1"));
 *
 *     StoredRecord invoice = broker.awaitRecords("invoices", 1, Duration.ofSeconds(10)).get(0);
 *     assertEquals("2.40", invoice.value());
 *     assertEquals(0, broker.group("shop").lag());
 *
 *     broker.reset();     // as new, for the next test; the shop lives on
 *     broker.restart();   // the same data at the same port
 * }
 * }</pre>
 */
package io.odradek.server.embedded;
