/** How much of something is let through in a time. */
package io.odradek.core.quota;
