/** What measures how fast brokers take and give records; each file is one idea. */
package io.odradek.server.tools.performance;
