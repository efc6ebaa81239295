/**
 * Where people and their tools look at a broker ({@code admin.listeners}): {@code /health}, {@code /ready}, {@code /metrics},
 * a JSON API below {@code /api}, and a page over that. All of it only reads, and none of it is loaded where it is not asked for.
 */
package io.odradek.server.admin;
