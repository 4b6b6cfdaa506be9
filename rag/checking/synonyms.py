"""Words that news writers use for one another. Two words are alike if they share a line.

Only everyday words, and only where either may stand for the other in a report of the same event;
what is in no line is not judged by this list.
"""

from __future__ import annotations

from rag.text.words import stem

_ALIKE = """
say state tell announce declare report reveal affirm note remark comment mention proclaim disclose
announcement statement declaration notice communique release
claim allege assert maintain contend argue insist accuse
suggest propose recommend advise put
suggestion proposal recommendation advice
warn caution alert
explain clarify describe outline detail
admit acknowledge concede confess recognise recognize
deny reject dispute refute dismiss
ask request demand call urge appeal seek want
order command direct instruct mandate require compel oblige force tell
need require demand necessitate must
ban prohibit bar outlaw forbid block
remove delete uninstall eliminate eradicate erase expunge ditch scrap strip drop dump purge
allow permit let enable authorise authorize entitle
help aid assist support
begin start launch commence initiate open kick
end finish conclude close complete terminate stop cease halt
stop halt cease discontinue quit prevent
continue proceed persist carry keep remain go
keep retain maintain preserve hold
increase rise grow climb expand jump surge soar gain heighten elevate augment mount boost raise \
lift \
accelerate escalate burgeon
decrease fall drop decline reduce cut lower diminish shrink slip slide dip plunge tumble slump
high elevated increased heightened raised
growing rising increasing mounting expanding burgeoning
large big huge major great massive vast enormous sizeable sizable giant considerable substantial \
significant extensive
small little tiny minor slight modest limited
many numerous several various multiple lots
more additional further extra another other
important crucial key vital essential critical significant major central main primary principal
main primary principal chief key leading major central
show demonstrate reveal display indicate present exhibit unveil
see observe view witness spot notice look watch
look gaze peer peek peep stare glance examine
examine study investigate analyse analyze inspect scrutinise scrutinize review explore evaluate \
assess probe
investigation inquiry enquiry probe examination
find discover detect uncover locate identify
discovery finding
get obtain receive acquire gain secure procure collect
take capture record photograph shoot snap
buy purchase acquire procure
purchase acquisition procurement buying purchasing
sell sale trade
own possess have hold
use utilise utilize employ deploy apply
usage use utilisation utilization
give provide supply offer grant deliver hand
make create produce build construct manufacture generate
create establish found set form introduce launch
conduct perform execute undertake implement carry do
plan intend aim intention scheme strategy
plan proposal programme program scheme project
bid attempt effort try move push measure step action drive
limit restrict contain curb control restrain check curtail confine cap constrain subdue
restriction limit constraint curb
reach hit touch attain achieve meet arrive
exceed surpass top breach pass break beat outstrip
break violate breach infringe
win victory triumph
lose loss defeat
kill slay murder die dead death fatal deadly
death fatality
injure wound hurt
injury wound
hurt harm damage
attack assault strike raid offensive
fight battle combat conflict clash
war conflict fighting hostilities
army military troops forces soldiers
soldier troop serviceman
police officers officer cop constable
arrest detain apprehend hold custody
charge accuse indict
trial court case lawsuit proceedings
lawsuit suit litigation case complaint
sue lawsuit
judge justice magistrate
law legislation bill act statute measure
rule regulation guideline guidance policy
regulation rule directive
regulator watchdog authority agency
government administration authorities state officials
official authority officer
president leader head
leader head chief boss
head lead run chair
chief head boss director
executive boss manager chief
founder creator
company firm business corporation enterprise group maker
business trade commerce
startup start-up company
organisation organization group body agency institution
agency body authority
employee worker staff staffer personnel workforce
job work position post employment role
boss manager employer
money cash funds funding
fund finance funding bankroll
pay payment salary wage
cost price expense
price cost
profit earnings income gain
revenue income sales turnover
debt loan borrowing
fee charge
tax levy duty
market marketplace
economy economic
firm company
product good item merchandise
customer client consumer shopper buyer
user customer
people person individual human
person individual man woman
man male guy
woman female
child kid youngster minor youth
kid child
parent mother father
family relative household
pupil student
student pupil
teacher educator
scientist researcher expert academic
expert specialist analyst
doctor physician medic
hospital clinic
disease illness sickness condition
drug medicine medication
test exam trial examine
vaccine jab shot inoculation
house home residence
home house dwelling
building structure
street road
car vehicle automobile
plane aircraft jet airplane airliner
ship vessel boat
phone smartphone telephone mobile cellphone handset
film movie picture
show programme program series
song track
picture image photo photograph
photo photograph image picture
video footage clip
book title volume
paper newspaper
journalist reporter
interview conversation talk
talk discuss speak speech negotiation discussion
discuss talk debate
speech address remarks
meeting talks summit gathering
meet gather
agree accept consent
agreement deal accord pact contract treaty
deal agreement
decide determine choose opt resolve
decision ruling verdict choice move
ruling verdict judgment judgement decision
choose select pick opt
choice option alternative
alternative substitute replacement option
replace substitute swap
change alter modify amend adjust shift
different other another alternative distinct
similar alike comparable like
same identical
compare contrast measure comparison
difference contrast
difference gap
new novel fresh updated recent latest
recent latest new
old former previous past
former ex previous past one-time
previous prior earlier past former
current present existing
future upcoming coming
quick fast rapid swift speedy
slow gradual
easy simple
hard difficult tough challenging
difficulty challenge problem trouble hardship
problem issue trouble matter difficulty
issue problem matter topic question
issue release publish
publish release print
worry concern fear anxiety alarm
concern worry fear anxiety
fear worry concern dread
danger risk threat hazard peril
dangerous risky hazardous unsafe perilous
threat risk danger menace
safe secure
safety security
security safety protection
protect safeguard shield defend guard
defend protect
save rescue
rescue save
unnamed unidentified anonymous undisclosed unspecified unmentioned unknown undefined
secret covert hidden clandestine undercover
hide conceal
public popular open
popular famous known well-known renowned
popular popularity widely
famous known celebrated renowned noted
like enjoy love
love adore like
hate dislike
happy glad pleased delighted
unhappy disappointed upset
angry furious irate outraged
anger fury outrage
sad unhappy
surprise shock astonish stun
surprising unexpected shocking
strange odd unusual weird
rare unusual uncommon
common usual normal typical frequent widespread
special particular specific
certain sure particular
possible potential likely
likely probable expected
expect anticipate predict forecast project await
expected anticipated forecast likely
predict forecast foresee
think believe consider feel reckon
believe think
opinion view belief
idea notion concept thought
reason cause motive
cause lead trigger prompt spark provoke create
because due owing thanks account result since
effect impact consequence influence result
affect impact influence hit
result outcome consequence
reaction response reply answer
answer reply respond
respond react reply
support back endorse favour favor advocate
oppose resist object fight
opponent critic rival
critic opponent
criticise criticize condemn slam denounce blast attack
criticism condemnation
praise laud commend applaud hail
blame accuse fault
apologise apologize sorry apology
reject refuse decline turn rebuff
refuse decline reject
approve accept endorse pass authorise authorize back
vote ballot poll
election poll vote
elect choose vote
campaign drive
candidate contender nominee
lawmaker legislator congressman senator mp parliamentarian
parliament legislature assembly
country nation state
nation country national
national nationwide countrywide
city town
town village
region area territory zone district
area region zone
place location site spot position
world globe global international worldwide
global worldwide international world
foreign overseas international
distant remote faraway far far-off
near close nearby
leave depart exit quit go withdraw
arrive come reach
return come go
go travel head
travel journey trip
visit trip tour
move shift relocate transfer
send dispatch deliver ship
bring carry take transport
enter join
join enter unite
unite merge combine
merge combine join
split divide separate
divide split
part portion section piece share segment
share portion stake part
half semi
whole entire full complete total
total overall entire sum
complete finish full
nearly almost
about approximately roughly around
only just merely
also too additionally
very highly extremely
quickly rapidly swiftly fast
soon shortly
now currently presently
often frequently regularly
sometimes occasionally
always constantly
finally eventually ultimately
still yet
consecutive straight successive row
exact precise
exactly precisely just
clear obvious evident plain
huge enormous massive
strong powerful robust
weak feeble fragile
good positive beneficial
bad negative poor
benefit advantage merit gain value worth
value worth merit
quality standard
wrong incorrect false mistaken
right correct
true real genuine
fake false bogus counterfeit
error mistake
mistake error
crime offence offense
criminal offender
fraud deception scam swindle
steal theft rob loot
robbery theft
prison jail
prisoner inmate detainee captive
sentence jail imprison
punish penalise penalize
penalty punishment fine sanction
guilty convicted
victim casualty
survivor victim
witness onlooker bystander
accident crash collision incident
crash collide collision accident
incident event occurrence
event incident occasion
happen occur take
explosion blast
explode blast detonate
fire blaze
fire sack dismiss
flood flooding deluge
storm hurricane cyclone typhoon
earthquake quake tremor
disaster catastrophe tragedy
destroy demolish wreck devastate ruin
damage destruction harm
repair fix mend restore
fix repair solve
solve resolve
improve better enhance upgrade boost
upgrade improve update
develop grow evolve
development growth progress
progress advance
success achievement
succeed manage
fail failure collapse
collapse fall fail
try attempt seek endeavour endeavor
effort attempt endeavour endeavor bid
able capable
ability capability capacity
power energy
energy power electricity
oil petroleum crude
gas petrol fuel
climate weather
environment ecological environmental
rain rainfall precipitation
food meal
eat consume
drink beverage
consume use eat
consumption use
health medical
body corpse
animal creature
space cosmos
universe cosmos
planet world
team squad side
game match
match game
player athlete
coach manager trainer
fan supporter
score goal
championship title
competition contest tournament
contest competition race
prize award
award prize honour honor
celebrate mark commemorate
party celebration
friend ally companion
ally partner
partner ally
enemy foe adversary
rival competitor opponent
spouse husband wife
marry wed
wedding marriage
birth born
bear birth
young youthful
age old
elderly old aged
name call title
call name dub
label tag brand mark
label labelling labeling
sign signal indication
indicate signal suggest show
symbol emblem
message note
letter note
information data details
data information
document paper file record
file submit lodge
submit present file
contain include comprise hold
include contain feature incorporate involve comprise
feature include characteristic
involve include
exclude omit
add append
link connect tie associate
connection link tie relationship
relationship tie relation
related linked connected associated
connect link join
accessible available
accessibility availability access
available accessible
access entry
entry entrance
online internet web
website site
app application
software program
computer pc laptop
technology tech
device gadget
machine device
tool instrument
weapon arms gun
gun firearm weapon
bomb explosive
missile rocket
protest demonstration rally march
protester demonstrator
demonstrate protest
strike walkout stoppage
union labour labor
refugee migrant
migrant immigrant
border frontier
flee escape
escape flee
free release liberate
release free
freedom liberty
peace truce ceasefire
truce ceasefire
negotiate talk bargain
mediator negotiator
crisis emergency
emergency urgent
urgent pressing
serious severe grave
severe harsh serious
violent brutal
brutal savage cruel
target aim goal
goal aim target objective
aim purpose goal
purpose aim intention
task job duty
duty responsibility
responsible liable accountable
role part function
member participant
participate take part join
participant attendee
attend join participate
audience crowd viewers spectators
crowd throng
group band
list roster
level height
cap ceiling limit
top peak highest
peak high
bottom low
session day sitting
period time era
era age period
decade years
year annual
annual yearly
month monthly
week weekly
day daily
voluntary optional
optional voluntary
mandatory compulsory obligatory required
nutrition nutritional nutrient
composition makeup content
content material
commercial advertisement advert ad
advertise promote
promote advertise encourage
encourage urge promote
inspire motivate
force compel
pressure force
appoint name hire
hire recruit employ
resign quit
resignation departure
retire leave
replace succeed
successor replacement
predecessor forerunner
troubled embattled beleaguered struggling
struggle fight
digital online electronic
media press
press media
spokesman spokeswoman spokesperson representative
representative delegate
lawyer attorney solicitor barrister counsel
prosecutor attorney
investor shareholder stakeholder
shareholder investor stockholder
stock share equity
share stock
bank lender
lender bank
borrow loan
invest investment
import buy
customer guest
guest visitor
tourist visitor traveller traveler
passenger traveller traveler
driver motorist
pilot captain
crew staff
kidnap abduct seize
seize grab capture take confiscate
capture seize
hostage captive
spy espionage
suspect alleged suspicion
suspicion doubt
doubt question
question query
test check
check verify
confirm verify
prove show
proof evidence
evidence proof
cover hide
spread expand
wide broad
broad wide extensive
narrow slim
deep profound
heavy hefty
light lightweight
bright brilliant
dark dim
beautiful attractive
ugly unattractive
rich wealthy affluent
poor impoverished needy
poverty hardship
homeless unhoused
hunger famine starvation
"""


def _lines() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_ALIKE.strip().splitlines()):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_LINES = _lines()
_NONE: frozenset[int] = frozenset()


def alike(one: str, other: str) -> bool:
    """Whether two stems stand in one line."""
    return bool(_LINES.get(one, _NONE) & _LINES.get(other, _NONE))


def senses(word: str) -> frozenset[int]:
    """The lines in which a stem stands; empty if the list does not know it."""
    return _LINES.get(word, _NONE)
