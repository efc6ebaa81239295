/** Lines to other brokers: one connection for each purpose, whose requests are answered in order. */
package io.odradek.server.net.link;
