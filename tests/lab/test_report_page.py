#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The report as people see it: in Chromium, on a phone and on a desk, light and dark. Nothing is said on its console, all
text stands out from its ground, and the keyboard goes through the page from the top down. The pictures stay in the build
directory (SCREENSHOTS)."""

import html
import json
import os
import re
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from support import case, namespace, program
from support.content import changing_configuration, write

WIDTHS = (390, 820, 1280)

# Put into a copy of the page: writes what it measures into the document, which --dump-dom prints.
MEASURE = """<script>
const said = [];
addEventListener('error', event => said.push(event.message));
addEventListener('securitypolicyviolation', event => said.push(event.violatedDirective));
function channels(text) { const n = text.match(/[0-9.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; }
function light(c) {
  const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
}
function ground(element) {
  for (; element; element = element.parentElement) {
    const colour = channels(getComputedStyle(element).backgroundColor);
    if (colour[3] === 1) return colour;
  }
  return [255, 255, 255, 1];
}
addEventListener('load', () => {
  document.querySelectorAll('details').forEach(details => details.open = true);
  let least = 99, where = '', texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('script') || element.className === 'hidden') continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(ground(element))];
    const contrast = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    ++texts;
    if (contrast < least) { least = contrast; where = element.outerHTML.slice(0, 200) + getComputedStyle(element).color + ground(element); }
  }
  const reachable = [...document.querySelectorAll('a[href], summary, button, input, [tabindex]')];
  const order = [];
  for (const element of reachable) {
    element.focus();
    if (document.activeElement === element && element.tabIndex === 0) order.push(element.getBoundingClientRect().top + scrollY);
  }
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(heading => Number(heading.tagName[1]));
  const folded = [...document.querySelectorAll('.moves .to code')].filter(code => code.getClientRects().length !== 1).length;
  const broken = [...document.querySelectorAll('code.whole')].filter(code => code.getClientRects().length !== 1).length;
  const result = document.createElement('pre');
  result.id = 'measured';
  result.textContent = JSON.stringify({said, least, where, texts, headings, broken, folded, reachable: reachable.length, order,
    wide: document.documentElement.scrollWidth - innerWidth, dark: matchMedia('(prefers-color-scheme: dark)').matches,
    resources: performance.getEntriesByType('resource').map(entry => entry.name)});
  (parent === window ? document : parent.document).body.append(result);
});
</script>"""


class ThePage(case.Case):
    @classmethod
    def setUpClass(cls):
        cls.pictures = os.environ.get("SCREENSHOTS") or f"{namespace.enter()}/pictures"
        os.makedirs(cls.pictures, exist_ok=True)

    def browse(self, *arguments):
        profile = self.make_scratch("profile")
        done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                               "--disable-dev-shm-usage", "--disable-background-networking", "--enable-logging=stderr",
                               f"--user-data-dir={profile}", *arguments], check=True, capture_output=True, text=True,
                              timeout=180, env={"PATH": "/usr/bin:/bin", "HOME": profile, "LC_ALL": "C.UTF-8"})
        self.assertEqual([line for line in done.stderr.splitlines() if "CONSOLE" in line], [])
        return done.stdout

    def measure(self, path, scheme):
        """What is measured at each width: the page in frames of one window."""
        with open(path, encoding="utf-8") as file:
            page = html.escape(file.read().replace("</head>", MEASURE + "</head>", 1))
        frames = "".join(f'<iframe style="border:0;width:{width}px;height:1000px" srcdoc="{page}"></iframe>'
                         for width in WIDTHS)
        copy = f"{self.make_scratch('copy')}/page.html"
        with open(copy, "w", encoding="utf-8") as file:
            file.write(f'<meta name="color-scheme" content="light dark"><body>{frames}')
        text = self.browse("--dump-dom", "--window-size=1400,1000", *scheme, f"file://{copy}")
        return [json.loads(html.unescape(found)) for found in re.findall(r'<pre id="measured">(.*?)</pre>', text, re.DOTALL)]

    def count_pages(self, path):
        file = f"{self.make_scratch('print')}/page.pdf"
        self.browse(f"--print-to-pdf={file}", "--no-pdf-header-footer", f"file://{path}")
        with open(file, "rb") as pdf:
            return len(re.findall(rb"/Type */Page\b", pdf.read()))

    def picture(self, path, name, width, scheme):
        source = path
        if width < 1000:
            source = f"{self.make_scratch('frame')}/frame.html"
            with open(source, "w", encoding="utf-8") as file:
                file.write(f'<body style="margin:0"><iframe src="file://{path}" style="border:0;width:{width}px;'
                           'height:5200px"></iframe>')
        height = 5200 if width < 1000 else 4200
        file = f"{self.pictures}/{name}.png"
        self.browse(f"--screenshot={file}", f"--window-size={width},{height}", *scheme, f"file://{source}")
        self.assertGreater(os.path.getsize(file), 20_000, file)

    def assert_good(self, seen, scheme):
        self.assertEqual((seen["said"], seen["resources"]), ([], []))
        self.assertEqual(seen["dark"], scheme == "dark")
        self.assertGreater(seen["texts"], 20)
        self.assertGreaterEqual(seen["least"], 4.5, f"{scheme}: {seen['where']}")
        self.assertLessEqual(seen["wide"], 0, "it must not scroll sideways")
        self.assertEqual(seen["broken"], 0, "a command is one piece")
        self.assertEqual(len(seen["order"]), seen["reachable"], "all of them can be reached")
        self.assertEqual(seen["order"], sorted(seen["order"]), "from the top down")
        self.assertEqual((seen["headings"][0], seen["headings"].count(1)), (1, 1))
        for above, below in zip(seen["headings"], seen["headings"][1:]):
            self.assertLessEqual(below, above + 1, seen["headings"])

    def look_at(self, name, path, pages):
        self.assertLessEqual(self.count_pages(path), pages)
        for scheme, flags in (("light", ()), ("dark", ("--blink-settings=preferredColorScheme=0",))):
            measured = self.measure(path, flags)
            self.assertEqual(len(measured), len(WIDTHS))
            for seen in measured:
                self.assert_good(seen, scheme)
            self.assertEqual(measured[-1]["folded"], 0, "where there is room a destination is on one line")
            for width in WIDTHS:
                self.picture(path, f"{name}-{width}-{scheme}", width, flags)

    def test_of_a_rehearsal(self):
        world = self.make_world(size="256M")
        os.mkfifo(f"{world.state}/lib-clamav")
        path = f"{self.make_scratch('report')}/rehearsal.html"
        world.run("rehearse", "--report", path)
        self.look_at("rehearsal", path, pages=3)

    def test_of_an_interrupted_apply(self):
        """It has what was done; of what was not reached no word about the call that a signal ended."""
        world = self.make_world(size="256M")
        for number in range(20_000):
            write(world.path(f"/var/lib/clamav/{number}"), "signatures" * 30)
        path = f"{self.make_scratch('report')}/apply.html"
        run = world.start("apply", "--report", path, "--jobs", "1")
        deadline = time.monotonic() + 60
        while not os.path.islink(world.path("/var/lib/spamassassin")) and time.monotonic() < deadline:
            time.sleep(0.01)  # the entry before that of clamav
        run.terminate()
        self.assert_status(program.finish(run), 128 + signal.SIGTERM)
        with open(path, encoding="utf-8") as file:
            page = file.read()
        said = re.sub(r"<[^>]+>", " ", page[page.index("<main>"):])
        self.assertRegex(said, r"The run was interrupted after \d+ of 16 entries")
        self.assertRegex(said, r"\d+ not reached +as before: the next run continues with them")
        self.assertNotRegex(said, r"(?s)not reached.*ECANCELED")
        self.look_at("interrupted", path, pages=3)

    def test_of_a_check(self):
        world = self.make_world(filled=False, size="64M")
        options = changing_configuration(self.make_scratch("config"))
        path = f"{self.make_scratch('report')}/check.html"
        world.run("check", "--report", path, *options)
        self.look_at("check", path, pages=3)


if __name__ == "__main__":
    case.main()
