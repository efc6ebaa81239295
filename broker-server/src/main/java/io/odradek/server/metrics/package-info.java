/**
 * What a broker counts, kept and shown: {@link io.odradek.server.metrics.BrokerMeters} keeps it, {@link
 * io.odradek.server.metrics.KafkaNames} says what each of it is called by Kafka's operators, and what shows it goes by that:
 * {@link io.odradek.server.metrics.PrometheusText}, and the MBeans. {@link io.odradek.server.metrics.MicrometerMeters} hands it
 * to a registry of whoever embeds a broker instead. A broker of which nothing is counted loads nothing of this.
 */
package io.odradek.server.metrics;
