/** TLS on a channel, for both ends of a connection, and what a listener asks for before it serves anybody. */
package io.odradek.server.net.secure;
