package io.rolehost.samples.photos.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages as a person sees them: in a real browser, which complains of nothing. */
class PagesProcessTest {
  private static final Path WEB = Path.of("target/photo-web.jar");

  private static String freeze() {
    return "freezes = [ { scope = \"role:photo-web\", owner = anna, reason = \"INC-7: bad"
        + " <b>release</b>\", evidence = incidents/7, until = \""
        + Instant.now().plus(Duration.ofHours(1))
        + "\" } ]";
  }

  @TempDir Path home;

  @Test
  void photoChosenOnThePage_becomesAThumbnailThere() throws Exception {
    Path photo = home.resolve("meadow.jpg");
    BufferedImage meadow = new BufferedImage(1024, 512, BufferedImage.TYPE_INT_RGB);
    assertTrue(ImageIO.write(meadow, "JPEG", photo.toFile()));
    Path noPhoto = Files.writeString(home.resolve("letter.jpg"), "Dear Sir");
    try (Browser browser = new Browser(home.resolve("profile"));
        HostProcess web = start()) {
      browser.open("http://127.0.0.1:" + web.httpPort() + "/");
      browser.await("document.readyState === 'complete' && document.title === 'Photos'");
      assertTrue(browser.text().contains("Choose photos"), browser.text());
      browser.choose("#files", photo);
      browser.await("document.querySelector('#photos img')?.naturalWidth === 256");
      assertTrue(browser.text().contains("meadow.jpg\ndone"), browser.text());
      assertEquals(List.of(), browser.complaints());
      browser.choose("#files", noPhoto);
      browser.await("document.querySelector('#photos .failed')?.innerText.length > 0");
      assertTrue(browser.text().contains("letter.jpg"), browser.text());
      assertEquals(0, web.stop());
    }
  }

  @Test
  void statusPage_ofAReadyRole_isReadable_andShowsAFreeze() throws Exception {
    try (Browser browser = new Browser(home.resolve("profile"));
        HostProcess web = start()) {
      browser.open("http://127.0.0.1:" + web.managementPort() + "/");
      // The page renews itself.
      browser.await("document.title === 'ready: photo-web_IN_0'");
      assertTrue(browser.text().contains("ready (READY)"), browser.text());
      Path freezes = Files.writeString(home.resolve("freeze.tmp"), freeze());
      Path _ = Files.move(freezes, home.resolve(".rolehost/freeze.conf"));
      browser.await("document.querySelector('#freezes tbody tr')?.innerText.length > 0");
      assertTrue(
          browser.text().contains("role:photo-web\tINC-7: bad <b>release</b>\tanna\t"),
          browser.text());
      assertTrue(browser.text().contains(" left\tno\tincidents/7\t"), browser.text());
      assertEquals(List.of(), browser.complaints());
      assertEquals(0, web.stop());
    }
  }

  private HostProcess start() throws Exception {
    return HostProcess.start(
        WEB, home, "photo-web", "rolehost.endpoints.http.port=0", "photos.thumbnails.in-web=true");
  }
}
