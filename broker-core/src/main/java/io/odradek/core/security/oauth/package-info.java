/** OAUTHBEARER (RFC 7628, KIP-255): who shows a token is whom the token names. */
package io.odradek.core.security.oauth;
