package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Deletes groups that have no members.
 */
@Request(key = 42, versions = "0-2", flexible = "2+")
public record DeleteGroupsRequest(List<String> groupsNames) implements ApiRequest {}
