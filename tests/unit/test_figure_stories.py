"""Whole stories, from text to changes: what readers of a running event are told, and what not.

An article: hour, headline, text (its lines are one paragraph), then what it changes.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.figures.read import load_packs, read
from monitor.figures.track import advance
from monitor.model import DocumentId, EventId, FigureDisputed, FigureState, Sighting

PACKS = load_packs()
START = datetime(2025, 5, 5, 6, tzinfo=UTC)
LEAD = 600
ABROAD = tomllib.loads(Path(__file__).with_name("data").joinpath("stories.toml").read_text("utf-8"))

STORIES = {
    "earthquake": """
        == 0 h
        Quake in Tamar kills at least 30
        A magnitude 6.4 earthquake struck Tamar early on Monday, killing at least 30 people and
        injuring more than 200, officials said. Dozens of buildings collapsed.
        * nothing
        == 6 h
        Tamar quake toll climbs to 87
        The death toll from the earthquake in Tamar climbed to 87 on Monday, the interior
        ministry said. At least 450 people were injured. A quake in 1988 killed 4,000 people
        there. The toll could reach 500, an expert warned.
        * killed 30 -> 87
        * wounded 200 -> 450
        == 3 h
        Rescuers race to Tamar
        At least 52 people were killed in the earthquake in Tamar, officials said.
        * nothing
        == 26 h
        Rescuers search ruins in Tamar
        More than 140 people died when an earthquake hit Tamar. Interior Minister Paul Renner
        said 143 bodies had been recovered. Around 60 people are missing.
        * killed 87 -> 143
        == 50 h
        Hope fades in Tamar
        The number of people killed in the Tamar earthquake rose to 171, the interior ministry
        said. Forty people are still missing.
        * killed 143 -> 171
        * missing 60 -> Forty
        == 74 h
        Tamar toll revised
        The death toll in Tamar was revised down to 166 after some victims were counted twice,
        the interior ministry said.
        * killed 171 => 166
    """,
    "cyclone": """
        == 0 h
        Cyclone Imre nears Sarda
        Cyclone Imre, with sustained winds of 150 km/h, will reach the coast of Sarda on Tuesday.
        The ministry of schools has suspended 600 classes. Drains were taking 900 litres of rain
        a second.
        * nothing
        == 9 h
        Imre grows over warm sea
        Sustained winds have increased to 210 km/h, the weather office said. Waves hit the shore
        along 40 km. Some 1,300 lessons and all exams are off, up from 600 on Monday. Power was
        out to 52,000 homes.
        * winds 150 -> 210
        * suspended-class 600 -> 1,300
        == 20 h
        Sarda counts the damage
        Power is now out to 31,000 homes; yesterday it was 52,000. Damage was seen along 65 km.
        Some 300 people were hurt in the attempt to reach shelters.
        * without-power 52,000 -> 31,000
        * extent 40 -> 65
        == 30 h
        Water in the lowlands
        Assets: 44 boats are responding. The search for two sailors now takes in the Sound.
        Some 410 people were injured, against 300 on Tuesday.
        * wounded 300 -> 410
    """,
    "moor fire and those who serve": """
        == 0 h
        Moor burns near Halsa
        A moor near Halsa is on fire. Some 300 firefighters are battling it; 90 engineers have been
        taken into custody after a protest.
        * nothing
        == 9 h
        Moor fire near Halsa spreads
        Some 640 personnel are assigned to the fire. Police have taken 210 drivers and engineers
        into custody, up from the 90 given at dawn.
        * rescuers 300 -> 640
        * arrested 90 -> 210
    """,
    "engines and crews": """
        == 0 h
        Mill burns in Harrow
        Three engines were sent to a mill in Harrow after a fire broke out at dawn on Monday.
        * nothing
        == 2 h
        Harrow mill destroyed
        A mill burned down in Harrow on Monday. Nobody was hurt, its owner said. The roof fell in.
        Nine crews fought the fire, which broke out at dawn.
        * nothing
    """,
    "women and all": """
        == 0 h
        Fire at Selwick bank
        Two women and a man were killed in a fire at a bank in Selwick on Monday. In all, three
        people were killed, police said.
        * nothing
        == 6 h
        Selwick mourns
        Three women were killed in the fire at the bank in Selwick. Four people were killed in
        all, police said.
        * killed three -> Four
    """,
    "crews of two vessels": """
        == 0 h
        Tug seized off Marrat
        Pirates seized a tug off Marrat on Monday. There were 11 Indian sailors aboard, its owner
        said.
        * nothing
        == 4 h
        Navy watches tug off Marrat
        A warship was near the tug seized off Marrat. It has 26 sailors aboard, the navy said.
        * nothing
    """,
    "epidemic": """
        == 0 h
        Fever in Kestral
        An outbreak of fever in Kestral has killed eight people and infected 25, the health
        ministry said. The ministry said 40 suspected cases were being investigated.
        * nothing
        == 24 h
        Fever toll reaches 14 in Kestral
        The death toll from the fever in Kestral has risen to 14, officials said, with 41
        confirmed cases. Health Minister Ana Dorel said 65 suspected cases had been reported, up
        from 40 a day earlier. She warned that up to 500 people could be infected.
        * killed eight -> 14
        * infected 25 -> 41
        * suspected-cases 40 -> 65
        == 48 h
        Vaccines on their way to Kestral
        Fever has killed at least 14 people in Kestral. There were 41 confirmed cases.
        * nothing
    """,
    "wildfire": """
        == 0 h
        Hollow Creek Fire grows to 1,200 acres
        The Hollow Creek Fire has burned 1,200 acres and is 5% contained, officials said. About
        2,500 residents have been evacuated.
        * nothing
        == 12 h
        Hollow Creek Fire: 4,800 acres
        The Hollow Creek Fire has scorched 4,800 acres and is 5 percent contained. 8,000 people
        have been evacuated.
        * burned 1,200 -> 4,800
        * displaced 2,500 -> 8,000
        == 120 h
        Hollow Creek Fire 70% contained
        The Hollow Creek Fire, which has burned 4,850 acres, is 70 percent contained.
        * contained 5 -> 70
    """,
    "dead, and dead or missing": """
        == 0 h
        Ferry sinks off Arl, 87 dead
        A ferry sank off Arl on Monday. Divers have found 87 bodies, the coast guard said.
        * nothing
        == 30 h
        Ferry toll off Arl at 188
        The minister resigned over the ferry off Arl, in which more than 300 people have died or are
        missing. The death toll rose to 188, the coast guard said.
        * killed 87 -> 188
    """,
    "what was said earlier": """
        == 0 h
        Four dead in Arl shooting
        Four people were killed in a shooting in Arl, the mayor said. Police had earlier said there
        were five dead.
        * nothing
        == 8 h
        Arl shooting: toll rises to six
        The death toll of the shooting in Arl rose to six, police said. "Two of the six were found
        today," an officer said.
        * killed Four -> six
    """,
    "posts of a fire": """
        == 0 h
        A wildfire near Sorrel Creek has burned 40 ha
        A wildfire near Sorrel Creek has burned 40 ha, the fire service said.
        * nothing
        == 5 h
        Sorrel Creek (K40122): 130 ha, 0% under control. Next update at six.
        * burned 40 -> 130
        == 9 h
        Sorrel Creek is now at approx. 410 ha and moving south-east.
        * burned 130 -> 410
    """,
    "two fires": """
        == 0 h
        Two fires in the Tamber hills
        The Aspen fire had burned 3,000 acres by Sunday and the Rook fire 400 acres.
        * nothing
        == 20 h
        Aspen fire doubles in size
        The Aspen fire grew to 7,200 acres, officials said. A blaze near Dorvan was at 9,000
        acres. The Rook fire has burned 650 acres.
        * burned-aspen 3,000 -> 7,200
        * burned-rook 400 -> 650
    """,
    "layoffs": """
        == 0 h
        Brightline to cut 1,200 jobs
        Brightline is cutting 1,200 jobs.
        * nothing
        == 90 h
        Brightline layoffs rise to 1,800
        Brightline is laying off 1,800 employees, according to a memo. It makes lamps.
        * laid-off 1,200 -> 1,800
    """,
    "storm": """
        == 0 h
        Storm Ilsa leaves 400,000 homes without power
        Storm Ilsa left 400,000 homes without power and killed three people.
        * nothing
        == 12 h
        Storm Ilsa: 650,000 homes without power
        Some 650,000 homes were without power on Monday evening after Storm Ilsa. Four people
        were killed.
        * without-power 400,000 -> 650,000
        * killed three -> Four
        == 40 h
        Power returns after Storm Ilsa
        After Storm Ilsa, 90,000 homes remained without power on Wednesday.
        * without-power 650,000 -> 90,000
    """,
    "troops": """
        == 0 h
        Two captured in Kursk
        Kyiv estimates that about 11,000 North Korean soldiers are stationed in Kursk.
        * nothing
        == 1 h
        Fighting in Kursk
        Ukraine had said North Korea sent between 10,000 and 12,000 troops to Russia.
        * nothing
        == 2 h
        Captives questioned
        According to Kyiv, some 12,000 North Korean soldiers are now stationed in Kursk.
        * troops-kursk 11,000 -> 12,000
        == 26 h
        What is known
        More than 10,000 North Korean soldiers have been deployed, Kyiv says. The two captives
        were born in 1999 and 2005.
        * nothing
    """,
    "protest": """
        == 0 h
        Crowds march in Velora
        Organisers said more than 1 million people marched in Velora, while police put the crowd
        at 240,000.
        * attended disputed 240,000 / 1 million
        == 20 h
        Velora after the march
        Organisers said over a million people marched in Velora; police put the crowd at
        240,000. Police arrested 19 people.
        * nothing
    """,
    "shipwreck": """
        == 0 h
        Boat sinks off Lira
        At least 17 migrants drowned when a boat sank off Lira. Around 35 people are missing.
        * nothing
        == 24 h
        26 bodies found off Lira
        The bodies of 26 people have been recovered after a boat sank off Lira. Police arrested
        a man aged 43.
        * killed-migrants 17 -> 26
        == 48 h
        Search off Lira ends
        Thirty-one people are now confirmed dead off Lira. Twenty-nine people remain missing,
        the coast guard said on Wednesday.
        * killed-migrants 26 -> Thirty-one
        * missing 35 -> Twenty-nine
    """,
    "war": """
        == 0 h
        Shelling kills 12 in Arden
        Shelling killed 12 people in Arden, the governor said.
        * nothing
        == 24 h
        Market hit in Bolt
        A drone killed five people in Bolt on Tuesday. The health ministry said 340 civilians
        have been killed since the war began.
        * nothing
        == 120 h
        Strikes on Bolt
        At least 18 people were killed in strikes on Bolt on Saturday. More than 40,000 people
        have fled the fighting so far, the UN said.
        * nothing
        == 200 h
        Civilian toll passes 400
        The number of civilians killed in the war has risen to 405, the health ministry said.
        Nine people died in an air strike on Tuesday.
        * killed-civilians 340 -> 405
    """,
    "front": """
        == 0 h
        Three dead in Kelm
        Shells killed three people and wounded seven in Kelm, the governor said. More than 5,400
        people have been killed since the war began, the UN says. The invaders lost 780 soldiers
        over the past day, and 412,300 since the start of the invasion, the general staff said.
        * nothing
        == 24 h
        Missile kills five in Turiv
        A missile killed five people and wounded 19 in Turiv, the interior ministry said. The
        invaders lost 910 soldiers in the past day, the general staff said. They launched 21 drones.
        * nothing
        == 30 h
        Toll in Turiv rises to nine
        The death toll of the missile strike in Turiv rose to nine, the emergency service said.
        Twenty-six people were wounded.
        * killed five -> nine
        * wounded 19 -> Twenty-six
        == 120 h
        Eight killed in Doln
        Eight people were killed in Doln, its mayor said. The enemy launched 32 drones overnight.
        * nothing
        == 200 h
        UN: war has killed 6,100
        The number of people killed since the war began has risen to 6,100, the UN said. Two people
        died in Kelm.
        * killed-2 5,400 -> 6,100
        == 400 h
        Losses of the invaders
        The invaders have lost 441,000 soldiers since the start of the invasion, the general staff
        said, 1,030 of them in the past day.
        * killed-or-wounded-troops 412,300 -> 441,000
    """,
    "two counts of one crowd": """
        == 0 h
        Lutez marches against the reform
        Organisers put the crowd at 90,000, while police counted 35,000 marchers in Lutez.
        * attended disputed 35,000 / 90,000
        == 12 h
        Reform brings crowds to Lutez
        Police said 35,000 people marched in Lutez. Twelve people were arrested.
        * nothing
        == 170 h
        Second march in Lutez is bigger
        Organisers said 150,000 people marched in Lutez on Saturday.
        * attended 90,000 -> 150,000
    """,
    "two counts of the missing": """
        == 0 h
        Dam breaks above Sarne
        A dam broke above Sarne. About 40 people are missing, the interior ministry said.
        * nothing
        == 5 h
        Growers miss many
        At least 90 people are missing in Sarne, the Growers' Union said. The interior ministry
        said that 35 people were missing.
        * missing disputed 90 / 35
    """,
    "hostages in a prison": """
        == 0 h
        Prisoners seize guards in Corvale
        Prisoners took 14 guards hostage in Corvale on Tuesday. Five inmates were killed and 22 were
        hurt, the justice ministry said.
        * nothing
        == 12 h
        Prisoners let four guards go
        The prisoners let four guards go early on Wednesday, leaving ten still in their hands. The
        justice ministry said nine people had been killed and more than 60 wounded.
        * captured 14 -> ten
        * killed-prisoners Five -> nine
        * wounded-prisoners 22 -> 60
        == 70 h
        Rights group counts more dead
        The rights group Open Cell said on Saturday that 14 prisoners had died in Corvale. The
        government stands by its figure of nine.
        * killed-prisoners disputed 14 / nine
    """,
    "a dispute that is overtaken": """
        == 0 h
        Riot in Corvale prison
        Relatives said 18 people had died in Corvale, twice the official toll of nine.
        * killed disputed nine / 18
        == 8 h
        Police storm the prison
        Police stormed the prison in Corvale on Friday. The assault left 27 people dead.
        * killed 18 -> 27
        == 30 h
        Rights group counts 41 dead
        The group Open Cell said that 41 people had died in Corvale; the government stands by its
        figure of 27.
        * killed disputed 41 / 27
    """,
    "a house in Homar, as two sides tell it": """
        == 0 h
        Blast in Homar
        Sixty-nine people were killed when a house blew up in Homar on Wednesday, activists said.
        State media put the death toll at 16.
        * killed disputed 16 / Sixty-nine
    """,
    "one crowd, as two sides saw it": """
        == 0 h
        Crowd demands that Mubar go
        Some 400,000 people gathered in Caral, organisers said. Police said there were 30,000.
        * attended disputed 30,000 / 400,000
    """,
    "one earthquake in two countries": """
        == 0 h
        Quake hits Sarda and Melin
        At least 32 people were killed in Sarda and eight in Melin on Thursday, officials said.
        * nothing
        == 4 h
        Toll climbs to 55 in Sarda
        The number of dead in Sarda has climbed to 55. In Melin, 19 people died.
        * killed-sarda 32 -> 55
        * killed-melin eight -> 19
        == 9 h
        More than 200 dead in Sarda and Melin
        More than 200 people have died in the two countries: 171 in Sarda and 34 in Melin.
        * killed-sarda 55 -> 171
        * killed-melin 19 -> 34
    """,
    "a blackout and its costs": """
        == 0 h
        Storm cuts power in Aresia
        A storm left 3.2 million homes without power in Aresia on Monday, the grid operator said.
        * nothing
        == 30 h
        Most homes in Aresia have power again
        The number of homes without power fell to 90,000 on Tuesday. Employers estimated the damage
        at 1.2 billion euros; the government spoke of 700 million euros.
        * without-power 3.2 million -> 90,000
        * damage disputed 700 million / 1.2 billion
        == 90 h
        Inquiry into the storm
        The operator was warned before the storm that cut power to 3.2 million homes.
        * nothing
    """,
    "two armies and their dead": """
        == 0 h
        Ethiopia says 260 Sudanese soldiers killed
        Ethiopia's defence ministry said 260 Sudanese soldiers had been killed since the war began.
        Sudan put its losses at 90 dead. Ethiopia said it had captured 43 Sudanese soldiers so far.
        * killed-troops disputed 90 / 260
        == 96 h
        Ethiopia raises its count
        Since the war began 340 Sudanese soldiers have been killed, Ethiopia's defence ministry
        said. The number of prisoners in its hands had reached 112, it said.
        * killed-troops 260 -> 340
        * captured-troops 43 -> 112
        == 120 h
        Battle of Gallabat
        The Ethiopian army said it had taken 60 soldiers prisoner in Gallabat on Friday.
        * nothing
        == 170 h
        Sudan counts its dead
        Sudan's chief of staff said on Sunday that 150 of its soldiers had died since the war began.
        * killed-troops 90 -> 150
    """,
    "a ferry": """
        == 0 h
        Ferry sinks off Jindar
        A ferry with 476 people aboard sank off Jindar. Four people were killed and 284 are
        missing, the coast guard said; 164 were rescued.
        * nothing
        == 8 h
        Search off Jindar goes on
        Six people are confirmed dead and about 290 missing off Jindar, the coast guard said.
        * killed Four -> Six
        == 30 h
        Divers reach the ferry
        The death toll rose to nine off Jindar; 287 people were missing and 179 had been rescued,
        the coast guard said.
        * killed Six -> nine
        * rescued 164 -> 179
        == 56 h
        Fewer were rescued
        The number of people rescued off Jindar was corrected to 174, the coast guard said. It had
        counted five of them twice.
        * rescued 179 => 174
    """,
    # the failure modes of figures
    "the toll of two sides together": """
        == 0 h
        Clashes in Orvan kill nine
        At least nine people were killed in clashes in Orvan on Monday, officials said.
        * nothing
        == 3 h
        Curfew in Orvan
        Orvan was placed under curfew after nine people were killed, officials said.
        * nothing
        == 9 h
        Orvan counts its dead
        Nine people were killed in Orvan on Monday, hospitals said.
        * nothing
        == 20 h
        Clashes spread
        Forty people have been killed in Orvan and Belsk since Monday, the Red Star said.
        * nothing
        == 40 h
        Orvan toll at 14
        The death toll from the clashes in Orvan rose to 14 on Wednesday, officials said.
        * killed nine -> 14
    """,
    "children, and children with women": """
        == 0 h
        Shelling of Tamar kills 30
        Shelling killed 30 people in Tamar, including 12 children, the mayor said.
        * nothing
        == 8 h
        Tamar buries its dead
        The 30 dead of Tamar were buried on Tuesday; 19 children and women were among them.
        * nothing
    """,
    "other victims in another place": """
        == 0 h
        Gunman kills six in Arlen
        A gunman killed six people at a market in Arlen on Monday, police said.
        * nothing
        == 10 h
        Second day of violence
        Police named the six people killed in Arlen. In Dorsk, a bomb killed 11 people.
        * nothing
    """,
    "a second shock with a toll of its own": """
        == 0 h
        Quake in Tamar kills 87
        An earthquake killed at least 87 people in Tamar on Monday, the ministry said.
        * nothing
        == 90 h
        Aftershock rattles Tamar
        An aftershock killed three people in Tamar on Friday, the ministry said.
        * nothing
        == 100 h
        Tamar toll rises to 92
        The death toll from the earthquake has risen to 92, the ministry said.
        * killed 87 -> 92
    """,
    "a district and the whole province": """
        == 0 h
        Floods in Sarda province kill 40
        Floods in Sarda have killed 40 people, the governor said.
        * nothing
        == 9 h
        Floods: Melin worst hit
        In Melin district 22 people died in the floods, its mayor said.
        * nothing
        == 20 h
        Sarda flood toll now 55
        The floods in Sarda have now killed 55 people, the governor said.
        * killed 40 -> 55
    """,
    "an earlier fire": """
        == 0 h
        Mall fire in Dorsk kills 12
        A fire in a mall in Dorsk killed 12 people on Monday, police said.
        * nothing
        == 10 h
        Owner of burnt mall held
        The fire killed 12 people. An earlier fire in the city killed 41 people in 2011, and in
        January a blaze at a market killed 18.
        * nothing
    """,
    "soldiers, though wounded": """
        == 0 h
        Marsk says it captured two soldiers
        Two Orvan soldiers, though wounded, were captured in Belsk, Marsk said on Monday.
        * nothing
        == 30 h
        Orvan losses
        A thousand Orvan soldiers have been wounded in Belsk, an analyst said.
        * nothing
    """,
    "a size in words": """
        == 0 h
        Storm hurts 340 in Orvan
        The storm injured 340 people in Orvan, the ministry said.
        * nothing
        == 10 h
        Hundreds hurt in storm
        Hundreds of people were injured by the storm in Orvan.
        * nothing
        == 20 h
        Clean-up begins
        The clean-up began in Orvan, where scores of people were injured.
        * nothing
    """,
    "a headline without a verb": """
        == 0 h
        Tornado in Melin: 4 dead, 60 homes impacted
        A tornado struck Melin on Monday night.
        * nothing
        == 9 h
        Tornado in Melin: 7 dead, 140 homes impacted
        Crews searched the ruins in Melin on Tuesday.
        * killed 4 -> 7
        * destroyed-homes 60 -> 140
    """,
    "what may come, and what there is room for": """
        == 0 h
        Flood forces 2,000 from homes in Sarda
        Some 2,000 people have been evacuated in Sarda, the governor said.
        * nothing
        == 8 h
        More rain for Sarda
        Up to 9,000 people could be evacuated if the dam fails, the governor warned. A shelter
        for 6,000 people was opened.
        * nothing
    """,
    "another fire in the same report": """
        == 0 h
        Hollow Creek Fire burns 4,800 acres
        The Hollow Creek Fire has burned 4,800 acres, officials said.
        * nothing
        == 20 h
        Fires across the state
        The Hollow Creek Fire grew to 6,000 acres. The Pine Ridge Fire in the south has burned
        9,500 acres, and statewide 140,000 acres have burned this year.
        * burned 4,800 -> 6,000
    """,
    "crowds of two towns, a side that says only its number": """
        == 0 h
        Pension march fills Tarvo
        Police said 18,000 people marched through Tarvo. Organisers spoke of 45,000. In the port
        of Melk, about 3,000 demonstrators gathered at the town hall, a reporter said.
        * attended-tarvo disputed 45,000 / 18,000
        == 20 h
        Tarvo unions against police
        The unions in Tarvo praised the marchers, while police stuck to 18,000.
        * nothing
        == 40 h
        Second crowd in Melk
        Some 7,500 people rallied in Melk, the mayor said.
        * attended-melk 3,000 -> 7,500
    """,
    "one figure in the words of several outlets": """
        == 0 h
        Ferry sinks off Lerida
        Fishermen rescued 48 people off Lerida, and 900 cattle were lost, the coast guard said.
        Two officers were injured.
        * nothing
        == 8 h
        Lerida survivors sleep in a sports hall
        The 51 survivors are in a sports hall. Some 1,400 have been killed, farmers said of the
        cattle. Three policemen were injured.
        * rescued 48 -> 51
        * animals 900 -> 1,400
        * wounded-officers Two -> Three
    """,
    "what is only counted, and is full, broken or gone later": """
        == 0 h
        Lava nears villages on Sorrel
        The red cross runs five shelters on Sorrel. Lava swallowed 30 houses in Lunda, the
        governor said.
        * nothing
        == 20 h
        Eight shelters full on Sorrel
        Eight shelters are full. The lava has buried 47 homes in Lunda, officials said.
        * shelters five -> Eight
        * destroyed-homes 30 -> 47
    """,
    "homes that wait, miners that are left, fields that two sides count": """
        == 0 h
        Ice storm darkens Kessel
        Ice left 140,000 homes without power in Kessel, the utility said. Thirty-eight miners are
        trapped underground. Farmers lost 600 head of cattle.
        * nothing
        == 12 h
        Power returns to Kessel
        Some 84,000 households are still waiting. In the mine, 35 miners are still trapped.
        * without-power 140,000 -> 84,000
        * trapped Thirty-eight -> 35
        == 24 h
        Frost in the fields of Kessel
        Frost destroyed 30,000 hectares of crops, the farmers' union said. The ministry said
        18,000 hectares of crops were destroyed.
        * destroyed disputed 18,000 / 30,000
    """,
    "a state that is only estimated in passing": """
        == 0 h
        Storm darkens the coast of Orvan
        Some 76,000 people in Orvan are without power.
        * nothing
        == 3 h
        Orvan braces for more wind
        The storm has turned north, away from the islands. Governor Lena Marsk said some 25,000
        people have already lost power.
        * nothing
        == 9 h
        Lights return in Orvan
        Repair crews work through the night. Some 25,000 people are still without power.
        * without-power 76,000 -> 25,000
    """,
    "dead of two islands": """
        == 0 h
        Typhoon hits the islands
        The typhoon has killed two people in Melin, state media said.
        * nothing
        == 9 h
        More than 100 hurt by typhoon
        Winds tore roofs off. In Sarda, the toll of the typhoon rose to 64.
        * nothing
    """,
    "a crowd that swelled": """
        == 0 h
        March in Orvan
        Hundreds marched in Orvan, Radio Velmora said. The crowd in Orvan swelled to over 2,000,
        the Harbour Gazette reported.
        * nothing
    """,
    "losses whose soldiers go unsaid": """
        == 0 h
        Shells fall on Torsk
        Vardia has lost 31,000 soldiers since the invasion began, the general staff said.
        * nothing
        == 24 h
        Night of drones
        Drones fell on Kirn. Losses of Vardia now stand at 33,600, the general staff said.
        * killed-or-wounded-troops 31,000 -> 33,600
    """,
    "sums of a plan and of a budget": """
        == 0 h
        Council to vote on $230 million housing plan
        The council will vote on a $230 million housing plan. It lost $4 million in a fund.
        * nothing
        == 5 h
        Council shows its budget
        The council has shown a budget of $600 million for next year.
        * nothing
    """,
    "values before, told by who tells the new ones": """
        == 0 h
        Algae foul the coast of Orvan
        Algae have closed 46 beaches on the coast of Orvan. Wardens counted 210 seals on the sand.
        * nothing
        == 48 h
        Wind clears the coast of Orvan
        Just 19 beaches remain closed, compared with 46 on Monday. The wardens have now buried
        340 seals. On Tuesday it was 210.
        * closed-beach 46 -> 19
        * seals 210 -> 340
    """,
    "some of those told otherwise are all of their own": """
        == 0 h
        Wolves break out in Melin
        Forty-six wolves broke out of a park in Melin on Monday. Keepers said 21 of them were
        still at large.
        * nothing
        == 24 h
        Search for wolves goes on
        Nine of the wolves are still at large in Melin, keepers said.
        * at-large 21 -> Nine
        == 48 h
        Wolves seen in Orvan
        The hunt has spread to 14 villages. At large: 4.
        * at-large Nine -> 4
    """,
    "one amount, and one word in two forms": """
        == 0 h
        Mill in Orvan recalls flour
        The mill in Orvan has recalled 30 tonnes of flour. It has refunded $40,000.
        * nothing
        == 24 h
        More flour is called back
        Glass was found in Orvan. It now covers 75 tonnes. Refunds have reached
        $95,000.
        * recalled 30 -> 75
        * refunded $40,000 -> $95,000
    """,
    "a share that nobody told before": """
        == 0 h
        Nurses at odds with clinics in Orvan
        The clinics of Orvan and their nurses meet again on Monday.
        * nothing
        == 24 h
        Nurses of Orvan come down a step
        Their own claim now stands at 7 percent; until today they had been asking for 9 percent.
        * claim 9 -> 7
        == 48 h
        Talks in Orvan
        Their claim stands at 7 percent, up from 3 percent a year ago.
        * nothing
    """,
    "what is said by the way of shares and parts": """
        == 0 h
        Parliament of Vardia meets
        The parliament of Vardia meets on Monday, its speaker said.
        * nothing
        == 5 h
        What the parliament of Vardia has before it
        The parliament of Vardia has a full week. Its speaker spoke of roads. The members met.
        One bill lowers the top rate from 41 percent to 38 percent. Of their nearly $2 billion
        offer $600 million goes to ports. A rule shuts out six firms and reduces the number of
        permits from 4,000 to 1,500.
        * permits 4,000 -> 1,500
    """,
    "what two things are worth": """
        == 0 h
        Dairy burns down in Orvan
        Fire destroyed a dairy in Orvan valued at $380,000, the town said.
        * nothing
        == 9 h
        Orvan dairy was worth millions
        The dairy company is worth $5 million, its books say.
        * nothing
    """,
    "what it cost, what it destroyed, what is given": """
        == 0 h
        Storm damage put at $40 million
        The storm in Orvan caused damage of $40 million, the ministry said.
        * nothing
        == 10 h
        Aid for Orvan
        The government pledged $90 million in aid to Orvan. The clean-up has cost $55 million.
        * nothing
        == 30 h
        Storm damage doubles
        The damage caused by the storm has risen to $85 million, the ministry said.
        * damage $40 million -> $85 million
    """,
}


def articles(story: str) -> Iterator[tuple[int, str, str, list[str]]]:
    """Hour, title, text and expected changes of each article."""
    for block in story.split("== ")[1:]:
        hour, title, *lines = [line.strip() for line in block.strip().splitlines()]
        changes = [line[2:] for line in lines if line.startswith("* ")]
        body = " ".join(line for line in lines if not line.startswith("* "))
        expected = [] if changes == ["nothing"] else changes
        yield int(hour.removesuffix(" h")), title, f"{title}\n{body}", expected


@pytest.mark.parametrize(
    ("language", "story"),
    [
        *(("en", story) for story in STORIES),
        *((language, story) for language, stories in ABROAD.items() for story in stories),
    ],
)
def test_a_running_story_is_told_change_by_change(language, story):
    state = FigureState(event=EventId("ev-7f3ak2qd"))
    told_here = STORIES if language == "en" else ABROAD[language]
    for number, (hour, title, text, expected) in enumerate(articles(told_here[story])):
        published = START + timedelta(hours=hour)
        found = read(
            text,
            language=language,
            published=published,
            packs=PACKS,
            title=title,
            series=state.series,
        )
        step = advance(
            state,
            found,
            Sighting(
                document=DocumentId(f"d{number}"),
                outlet=f"outlet-{number}",
                url="https://outlet.example/",
                published=published,
                voice=f"outlet-{number}",
                lead=text[:LEAD],
            ),
        )
        assert [told(change) for change in step.changes] == expected, title
        assert len(step.assigned) == len(step.decisions) == len(found)
        state = step.state


def told(change) -> str:
    name = change.series.partition("/")[2]
    if isinstance(change, FigureDisputed):
        return f"{name} disputed {' / '.join(o.reading.surface for o in change.sides)}"
    arrow = "->" if type(change).__name__ == "FigureChanged" else "=>"
    return f"{name} {change.before.reading.surface} {arrow} {change.after.reading.surface}"
