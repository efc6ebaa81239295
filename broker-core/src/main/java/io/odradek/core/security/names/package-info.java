/** Names of principals, as certificates and logins give them. */
package io.odradek.core.security.names;
