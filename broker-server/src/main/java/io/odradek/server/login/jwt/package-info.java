/** Signed tokens of OAUTHBEARER, and the keys that they are checked with. Alone knows jose4j, and is loaded where a listener asks for it. */
package io.odradek.server.login.jwt;
