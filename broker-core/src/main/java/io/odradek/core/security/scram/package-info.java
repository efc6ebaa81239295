/** SCRAM (RFC 5802, RFC 7677), with credentials in the form in which Apache Kafka keeps them. */
package io.odradek.core.security.scram;
