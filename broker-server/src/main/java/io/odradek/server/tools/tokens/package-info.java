/** {@code broker-delegation-tokens}: tokens that one logs in with. */
package io.odradek.server.tools.tokens;
