/** Sockets as this platform has them. */
package io.odradek.server.net.socket;
