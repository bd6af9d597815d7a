"""The demo website: stands for the company's own site, on an origin of its own."""
