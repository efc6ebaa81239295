/** From a socket's bytes to frames and back, in bounded memory: for both ends of a connection. */
package io.odradek.server.net.frame;
