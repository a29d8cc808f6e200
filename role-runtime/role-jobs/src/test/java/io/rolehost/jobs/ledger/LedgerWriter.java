package io.rolehost.jobs.ledger;

import io.rolehost.jobs.JobId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A process that writes as fast as it can until it is killed: jobs with ten checkpoints each. What
 * it has printed is promised to be on disk.
 */
public final class LedgerWriter {

  private LedgerWriter() {}

  /** Takes the ledger's file and a prefix for the ids of its jobs. */
  public static void main(String[] arguments) {
    try (Ledger ledger =
        Ledger.of(LedgerSettings.file(Path.of(arguments[0])), InstantSource.system())) {
      JobRecords jobs = ledger.jobs();
      for (int job = 0; job < 100_000; job++) {
        JobId id = new JobId(arguments[1] + "-" + job);
        jobs.create(new NewJob(id, "t", arguments[1], "m", Duration.ofDays(1)));
        jobs.sent(id);
        if (!(jobs.claim(id, 1) instanceof Claim.Owned(long epoch, boolean ignored))) {
          throw new AssertionError(id + " is not ours");
        }
        for (int position = 1; position <= 10; position++) {
          ledger.checkpoints().save(id, epoch, Integer.toString(position));
          System.out.println(id + " " + position);
        }
        jobs.done(id, epoch, Optional.of("1"));
        System.out.println(id + " done");
      }
    }
  }
}
