package io.rolehost.jobs.files;

import io.rolehost.jobs.ledger.Receipts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Receipts in memory, for one trigger. */
final class RecordingReceipts implements Receipts {

  final Map<String, String> versions = new ConcurrentHashMap<>();
  volatile Set<String> retained = Set.of();

  @Override
  public Optional<String> find(String trigger, String path) {
    return Optional.ofNullable(versions.get(path));
  }

  @Override
  public Map<String, String> all(String trigger) {
    return Map.copyOf(versions);
  }

  @Override
  public void write(String trigger, String path, String version) {
    versions.put(path, version);
  }

  @Override
  public void retain(String trigger, Set<String> paths, Duration unseen) {
    retained = Set.copyOf(paths);
  }
}
