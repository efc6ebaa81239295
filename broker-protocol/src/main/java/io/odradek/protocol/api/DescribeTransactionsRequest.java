package io.odradek.protocol.api;

import io.odradek.protocol.schema.Request;
import java.util.List;

/**
 * Asks how the transactions of some transactional ids stand (KIP-664).
 */
@Request(key = 65, versions = "0", flexible = "0+")
public record DescribeTransactionsRequest(List<String> transactionalIds) implements ApiRequest {}
