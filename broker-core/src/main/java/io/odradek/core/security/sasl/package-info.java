/**
 * Logins by SASL (RFC 4422), as pure exchanges of tokens: who sends them, how long it may take and what is heard before does not
 * matter here.
 */
package io.odradek.core.security.sasl;
