/**
 * Checks of logins that users have written for Kafka ({@code sasl.server.callback.handler.class}). Alone knows kafka-clients, whose
 * interfaces these are, and is loaded where a listener asks for one.
 */
package io.odradek.server.login.callback;
