/**
 * Programs as users of kafka-clients write them, one idea each; their test runs them against a broker. They use what kafka-clients
 * has had since 2.5.
 */
package io.odradek.server.samples;
