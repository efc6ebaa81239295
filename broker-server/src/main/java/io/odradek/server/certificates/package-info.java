/**
 * Keys and certificates that are made on the fly, for brokers and clients of tests. The JDK reads certificates but makes none,
 * and a library that does is twice as large as all that an embedder has of this broker.
 */
package io.odradek.server.certificates;
