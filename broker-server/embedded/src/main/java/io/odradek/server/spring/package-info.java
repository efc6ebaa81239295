/** What lets tests of Spring applications use an embedded broker by an annotation. Spring is no dependency of the jar. */
package io.odradek.server.spring;
