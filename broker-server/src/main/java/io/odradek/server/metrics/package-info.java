/**
 * What a broker counts, kept and shown: it is kept in a Micrometer registry, where {@link
 * io.odradek.server.metrics.MicrometerMeters} puts it. That of the distribution is {@link
 * io.odradek.server.metrics.BrokerRegistry}; {@link io.odradek.server.metrics.KafkaNames} says what each meter is called by Kafka's
 * operators, and what shows it goes by that: {@link io.odradek.server.metrics.PrometheusText}, and the MBeans. Who embeds a
 * broker brings a registry. A broker of which nothing is counted loads nothing of this.
 */
package io.odradek.server.metrics;
