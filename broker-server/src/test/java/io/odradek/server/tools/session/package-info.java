/** Sessions at a terminal, in files of test resources, which are replayed with our tools and with Apache Kafka's. */
package io.odradek.server.tools.session;
