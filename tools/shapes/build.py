"""Writes shapes/ from the tables and texts beside this file. Run: python3 tools/shapes/build.py"""

import dcat_ap
import eucaim
import eucaim1
import fair_data_point
import healthdcat_ap

eucaim.build()
eucaim1.build()
dcat_ap.build()
fair_data_point.build()
healthdcat_ap.build()
