package io.odradek.embedded;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.metrics.MicrometerMeters;

/** A program that has a registry, and says what a broker in its JVM has counted there. */
public final class Metered {
    private Metered() {}

    /**
     * @param arguments none
     * @throws Exception if a record did not go
     */
    public static void main(String[] arguments) throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (EmbeddedBroker broker =
                EmbeddedBroker.builder().meters(MicrometerMeters.of(registry)).start()) {
            RoundTrip.write(broker.bootstrapServers(), "none");
            System.out.println("counted "
                    + registry.get("odradek.topic.records.in")
                            .tag("topic", "letters")
                            .counter()
                            .count());
        }
    }
}
