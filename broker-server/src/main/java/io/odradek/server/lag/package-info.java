/** How far consumer groups are behind: in records, and in the time that the first of these has been waiting. */
package io.odradek.server.lag;
