/** TLS as the broker's settings say: key stores, trust stores, protocols, and who a client is by its certificate. */
package io.odradek.server.tls;
