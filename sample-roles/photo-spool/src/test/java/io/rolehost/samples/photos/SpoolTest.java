package io.rolehost.samples.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.Instance;
import io.rolehost.samples.photos.Photo.State;
import io.rolehost.samples.photos.PhotoQueue.Claim;
import io.rolehost.samples.photos.RefusedPhotoException.Why;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  @TempDir Path temp;
  private SpoolFixture folder;
  private Spool spool;

  @BeforeEach
  void openSpool() throws IOException {
    folder = new SpoolFixture(temp);
    spool = folder.spool("a_IN_0", 1);
  }

  @Test
  void photo_putClaimedDone_statesFollowWithAttempts() throws Exception {
    String id = put();
    assertEquals(
        Optional.of(new Photo(id, Kind.PNG, State.WAITING, 0, null, null)), spool.find(id));
    Claim claim = claim(spool);
    assertEquals(
        Optional.of(new Photo(id, Kind.PNG, State.WORKING, 1, null, null)), spool.find(id));
    assertEquals(Optional.empty(), spool.claim());
    claim.done(new byte[] {7});
    Path thumbnail = temp.resolve("thumbnails").resolve(id + ".png");
    assertEquals(
        Optional.of(new Photo(id, Kind.PNG, State.DONE, 1, null, thumbnail)), spool.find(id));
    assertEquals(List.of("done/" + id + "~1.png", "thumbnails/" + id + ".png"), folder.files());
  }

  @Test
  void photo_fiveFailures_failedWithTheReasonOfTheLast() throws Exception {
    String id = put();
    for (int attempt = 1; attempt <= 5; attempt++) {
      claim(spool).retry("reason " + attempt);
      assertEquals(Optional.empty(), spool.claim(), "no pause after attempt " + attempt);
      folder.pass(Duration.ofSeconds(1L << (attempt - 1)));
    }
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(
        Optional.of(new Photo(id, Kind.PNG, State.FAILED, 5, "reason 5", null)), spool.find(id));
  }

  @Test
  void photo_workerDiesFiveTimes_failedAndNotTriedForEver() throws Exception {
    String id = put();
    for (int incarnation = 2; incarnation <= 6; incarnation++) {
      Spool next = folder.spool("a_IN_0", incarnation);
      assertEquals(incarnation - 1, claim(next).attempt());
    }
    Spool last = folder.spool("a_IN_0", 7);
    assertEquals(
        Optional.of(
            new Photo(
                id,
                Kind.PNG,
                State.FAILED,
                5,
                "The process that worked on it ended or hung.",
                null)),
        last.find(id));
  }

  @Test
  void claim_givenBack_attemptDoesNotCount() throws Exception {
    put();
    claim(spool).giveBack();
    assertEquals(1, claim(spool).attempt());
  }

  @Test
  void claim_ofAnotherInstance_takenBackOnlyAfterItsLease() throws Exception {
    put();
    Claim slow = claim(folder.spool("a_IN_10", 1));
    Spool other = folder.spool("a_IN_1", 1);
    folder.pass(Duration.ofMinutes(2));
    other.sweep();
    assertEquals(Optional.empty(), other.claim());
    slow.renew();
    folder.pass(Duration.ofMinutes(2));
    other.sweep();
    assertEquals(Optional.empty(), other.claim());
    folder.pass(Duration.ofMillis(1));
    other.sweep();
    Claim fast = claim(other);
    slow.done(new byte[] {1}); // too late: changes nothing
    slow.retry("too late");
    slow.giveBack();
    assertEquals(State.WORKING, other.find(fast.id()).orElseThrow().state());
    fast.done(new byte[] {2});
    assertEquals(2, other.find(fast.id()).orElseThrow().attempts());
  }

  @Test
  void claim_manyClaimersOfTwoProcesses_eachPhotoGoesToOne() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add(put());
    }
    Spool other = folder.spool("b_IN_0", 1);
    List<Callable<List<String>>> claimers = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      Spool mine = n % 2 == 0 ? spool : other;
      claimers.add(() -> {
        List<String> got = new ArrayList<>();
        for (var c = mine.claim(); c.isPresent(); c = mine.claim()) {
          got.add(c.get().id());
        }
        return got;
      });
    }
    List<String> claimed = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<String>> got : threads.invokeAll(claimers)) {
        claimed.addAll(got.get());
      }
    }
    Collections.sort(claimed);
    Collections.sort(ids);
    assertEquals(ids, claimed);
  }

  @Test
  void put_emptyTooLargeRefusedOrBrokenOff_nothingLeftBehind() throws Exception {
    assertEquals(Why.EMPTY, refusal(new byte[0]));
    assertEquals(Why.TOO_MANY_BYTES, refusal(new byte[1_000_001]));
    PhotoQueue.Inspection no =
        file -> {
          throw new RefusedPhotoException(Why.NOT_A_PHOTO, "no");
        };
    assertThrows(
        RefusedPhotoException.class, () -> spool.put(new ByteArrayInputStream(new byte[9]), no));
    InputStream gone =
        new InputStream() {
          private int left = 3;

          @Override
          public int read() {
            throw new AssertionError("asked for one byte");
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            if (left-- == 0) {
              throw new IOException("the client is gone");
            }
            return length;
          }
        };
    assertThrows(IOException.class, () -> spool.put(gone, SpoolFixture.ANYTHING));
    assertEquals(List.of(), folder.files());
  }

  @Test
  void put_asManyWaitAsMay_full() throws Exception {
    Spool small =
        new Spool(folder.settings(2, 100), new Instance("test", "p", "p_IN_0", 1), folder.clock());
    SpoolFixture.put(small, new byte[1]);
    SpoolFixture.put(small, new byte[1]);
    assertThrows(SpoolFullException.class, () -> SpoolFixture.put(small, new byte[1]));
    claim(small).done(new byte[1]);
    SpoolFixture.put(small, new byte[1]);
  }

  @Test
  void sweep_moreDoneThanKept_oldestForgottenWithTheirThumbnails() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(put());
      claim(spool).done(new byte[1]);
      folder.pass(Duration.ofSeconds(1));
    }
    new Spool(folder.settings(100, 1), new Instance("test", "p", "p_IN_0", 1), folder.clock())
        .sweep();
    assertEquals(
        List.of("done/" + ids.get(2) + "~1.png", "thumbnails/" + ids.get(2) + ".png"),
        folder.files());
    assertEquals(Optional.empty(), spool.find(ids.get(0)));
  }

  @Test
  void open_partsOfADeadUpload_removedByItsInstanceAtOnceByOthersLater() throws Exception {
    put();
    Path part = temp.resolve("incoming").resolve("0".repeat(32) + "~0~test.a_IN_0.1.jpg");
    java.nio.file.Files.createFile(part);
    assertTrue(java.nio.file.Files.exists(part));
    var _ = folder.spool("b_IN_0", 1);
    assertTrue(java.nio.file.Files.exists(part));
    var _ = folder.spool("a_IN_0", 2);
    assertEquals(1, folder.files().size());
  }

  private String put() throws Exception {
    return SpoolFixture.put(spool, new byte[] {1, 2, 3});
  }

  private Why refusal(byte[] bytes) {
    return assertThrows(RefusedPhotoException.class, () -> SpoolFixture.put(spool, bytes)).why();
  }

  private static Claim claim(PhotoQueue queue) throws IOException {
    return queue.claim().orElseThrow();
  }
}
