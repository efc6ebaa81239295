/**
 * What each API needs, asked before its handler is: {@link io.odradek.core.security.access.AccessTable} is the one table of it,
 * in the words of Kafka's documentation. Nothing of this is there for a broker without an authorizer.
 */
package io.odradek.core.security.access;
